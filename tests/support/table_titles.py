"""Title rows of offices, portals and report tools, a line a table, with " || " between the rows.

`HARMLESS` say nothing of which dossiers are counted. `NARROWING` are of some dossiers only, or may be.
"""

HARMLESS = """
SỐ LIỆU PHỤC VỤ CHẤM ĐIỂM CHỈ SỐ CẢI CÁCH HÀNH CHÍNH
Số liệu chấm điểm Bộ chỉ số phục vụ người dân, doanh nghiệp
QUẢN LÝ HỒ SƠ MỘT CỬA ĐIỆN TỬ
Sổ quản lý hồ sơ tại Bộ phận Một cửa
Công tác quản lý hồ sơ, giải quyết thủ tục hành chính
DS hồ sơ
TH hồ sơ các đơn vị
Trạng thái: Tất cả || Tìm thấy 120 hồ sơ theo điều kiện lọc
Lĩnh vực: -- Tất cả -- || Danh sách hồ sơ theo tiêu chí tìm kiếm
BIỂU TỔNG HỢP TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH
TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH TẠI CÁC PHÒNG, BAN, ĐƠN VỊ THÀNH PHỐ
TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH TẠI CẤP THÀNH PHỐ VÀ CẤP XÃ, PHƯỜNG
TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH TẠI UBND CÁC XÃ, PHƯỜNG
TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH TẠI CƠ QUAN, ĐƠN VỊ TRỰC TIẾP GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH
TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT TTHC TRÊN ĐỊA BÀN HUYỆN VĂN BÀN QUÝ III NĂM 2023
Tổng hợp kết quả giải quyết TTHC theo đơn vị
Dữ liệu dựng theo mẫu II.06a từ số liệu in trong Báo cáo 85/BC-UBND; không phải tệp xuất từ cổng.
Biểu số II.06a/VPCP/KSTT
Biểu số: II.06b/VPCP/KSTT
Biểu mẫu số 06a ban hành kèm theo Thông tư số 01/2020/TT-VPCP
Kỳ báo cáo: Quý III năm 2023 (Từ ngày 15/06/2023 đến ngày 14/09/2023)
Đơn vị tính: Số hồ sơ TTHC.
- Đơn vị báo cáo: UBND phường Mai Sơn
Đơn vị nhận báo cáo: Văn phòng UBND tỉnh (Phòng Kiểm soát TTHC)
TỔNG HỢP KẾT QUẢ TIẾP NHẬN, GIẢI QUYẾT HỒ SƠ TTHC QUÝ III/2023
TỔNG HỢP TÌNH HÌNH TIẾP NHẬN VÀ GIẢI QUYẾT HỒ SƠ TẠI BỘ PHẬN MỘT CỬA
BÁO CÁO TỔNG HỢP TÌNH HÌNH GIẢI QUYẾT HỒ SƠ THEO ĐƠN VỊ
BÁO CÁO TÌNH HÌNH XỬ LÝ HỒ SƠ THEO LĨNH VỰC
Báo cáo tổng hợp hồ sơ theo lĩnh vực, thủ tục
THỐNG KÊ HỒ SƠ TIẾP NHẬN VÀ TRẢ KẾT QUẢ CỦA TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG TỈNH NAM ĐỊNH
CỔNG DỊCH VỤ CÔNG TỈNH NAM ĐỊNH
CỔNG DỊCH VỤ CÔNG TRỰC TUYẾN TỈNH NAM ĐỊNH
HỆ THỐNG THÔNG TIN GIẢI QUYẾT TTHC TỈNH NAM ĐỊNH
HỆ THỐNG THÔNG TIN GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH THÀNH PHỐ HÀ NỘI
Hệ thống thông tin một cửa điện tử tỉnh Lào Cai
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
ỦY BAN NHÂN DÂN THÀNH PHỐ VÂN SƠN
SỞ TÀI NGUYÊN VÀ MÔI TRƯỜNG
VĂN PHÒNG ĐĂNG KÝ ĐẤT ĐAI
Số: 85/BC-UBND
Số:       /BC-UBND
(Kèm theo Báo cáo số 85/BC-UBND ngày 18 tháng 9 năm 2023 của UBND thành phố Vân Sơn)
(Ban hành kèm theo Thông tư số 02/2017/TT-VPCP ngày 31 tháng 10 năm 2017 của Văn phòng Chính phủ hướng dẫn về nghiệp vụ kiểm soát thủ tục hành chính)
Ban hành theo Thông tư 01/2020/TT-VPCP về chế độ báo cáo định kỳ và quản lý, sử dụng hệ thống thông tin kiểm soát thủ tục hành chính
Vân Sơn, ngày 18 tháng 9 năm 2023
Người xuất: Công chức 1
Thời điểm xuất: 10:30 18/09/2023
Ngày xuất báo cáo: 18/09/2023 10:30:11
Tổng số bản ghi: 120
Trạng thái báo cáo: Đã duyệt
SỐ LIỆU GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH CỦA CÁC CƠ QUAN, ĐƠN VỊ THUỘC UBND THÀNH PHỐ
BÁO CÁO KẾT QUẢ THỰC HIỆN CÔNG TÁC KIỂM SOÁT TTHC, THỰC HIỆN CƠ CHẾ MỘT CỬA, MỘT CỬA LIÊN THÔNG QUÝ III NĂM 2023
Kết quả giải quyết TTHC theo cơ chế một cửa, một cửa liên thông
Phụ lục 1: KẾT QUẢ GIẢI QUYẾT TTHC CỦA CÁC PHÒNG CHUYÊN MÔN
PHỤ LỤC II || KẾT QUẢ GIẢI QUYẾT HỒ SƠ THỦ TỤC HÀNH CHÍNH CẤP XÃ || (Kèm theo Công văn số 12/VP-KSTT)
BẢNG TỔNG HỢP SỐ LIỆU TIẾP NHẬN VÀ GIẢI QUYẾT HỒ SƠ CẤP HUYỆN, CẤP XÃ
Bảng 2. Tình hình giải quyết hồ sơ của UBND các xã, thị trấn
DANH SÁCH HỒ SƠ TIẾP NHẬN, GIẢI QUYẾT
DANH SÁCH CHI TIẾT HỒ SƠ TẠI UBND PHƯỜNG MAI SƠN
Danh sách toàn bộ hồ sơ từ ngày 15/06/2023 đến ngày 14/09/2023
SỔ THEO DÕI HỒ SƠ
THEO DÕI TIẾN ĐỘ GIẢI QUYẾT HỒ SƠ
Báo cáo chi tiết tình hình tiếp nhận và giải quyết hồ sơ 6 tháng đầu năm 2023
TỔNG HỢP TÌNH HÌNH GIẢI QUYẾT TTHC CHO NGƯỜI DÂN, DOANH NGHIỆP
Số liệu giải quyết TTHC tại Bộ phận Tiếp nhận và Trả kết quả
Thống kê hồ sơ trước hạn, đúng hạn, quá hạn theo đơn vị
I. Tổng hợp chung
II. CẤP XÃ
A. KHỐI PHÒNG, BAN
Kết quả tiếp nhận và giải quyết hồ sơ trên Cổng Dịch vụ công quốc gia
THỐNG KÊ TÌNH HÌNH TIẾP NHẬN, GIẢI QUYẾT HỒ SƠ TRỰC TUYẾN VÀ TRỰC TIẾP
TÌNH HÌNH TIẾP NHẬN, GIẢI QUYẾT HỒ SƠ TTHC TẠI PHÒNG TÀI NGUYÊN VÀ MÔI TRƯỜNG
TÌNH HÌNH TIẾP NHẬN HỒ SƠ TẠI CHI NHÁNH VĂN PHÒNG ĐĂNG KÝ ĐẤT ĐAI THÀNH PHỐ VÂN SƠN
BÁO CÁO CÔNG TÁC TIẾP NHẬN VÀ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH QUÝ III NĂM 2023 CỦA PHÒNG LAO ĐỘNG - THƯƠNG BINH VÀ XÃ HỘI
TỔNG HỢP HỒ SƠ (bao gồm cả hồ sơ liên thông)
Tên báo cáo: Tổng hợp tình hình giải quyết hồ sơ
TÌNH HÌNH TIẾP NHẬN VÀ GIẢI QUYẾT HỒ SƠ THÁNG 7, 8, 9 NĂM 2023
UBND TỈNH NAM ĐỊNH CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
TỔNG HỢP KẾT QUẢ GIẢI QUYẾT TTHC
Tổng hợp tình hình xử lý hồ sơ toàn tỉnh
BÁO CÁO TÌNH HÌNH XỬ LÝ HỒ SƠ THEO CÁN BỘ
BÁO CÁO TỔNG HỢP || TÌNH HÌNH TIẾP NHẬN VÀ XỬ LÝ HỒ SƠ || PHƯỜNG MAI SƠN
BÁO CÁO TÌNH HÌNH GIẢI QUYẾT HỒ SƠ || TỪ NGÀY 15/06/2023 ĐẾN NGÀY 14/09/2023 || ỦY BAN NHÂN DÂN PHƯỜNG LẠ
TÌNH HÌNH GIẢI QUYẾT TTHC || QUÝ III NĂM 2023
Kết quả giải quyết hồ sơ của các xã trên địa bàn thành phố
KẾT QUẢ ĐÁNH GIÁ VIỆC GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH
Số lượng hồ sơ tiếp nhận, giải quyết, đang giải quyết theo từng đơn vị trong kỳ
Báo cáo số liệu hồ sơ thủ tục hành chính đã tiếp nhận và xử lý
TỔNG HỢP KẾT QUẢ TIẾP NHẬN, XỬ LÝ HỒ SƠ TTHC THUỘC THẨM QUYỀN GIẢI QUYẾT CỦA UBND CẤP HUYỆN
BÁO CÁO TỔNG HỢP TÌNH HÌNH TIẾP NHẬN VÀ GIẢI QUYẾT HỒ SƠ CỦA CÁC ĐƠN VỊ
BÁO CÁO TỔNG HỢP GIẢI QUYẾT HỒ SƠ TOÀN HUYỆN
Báo cáo tổng hợp tình hình giải quyết thủ tục hành chính của cơ quan, đơn vị
Tổng hợp kết quả giải quyết TTHC toàn thành phố
BÁO CÁO KẾT QUẢ TIẾP NHẬN VÀ GIẢI QUYẾT HỒ SƠ HÀNH CHÍNH
BẢNG KÊ HỒ SƠ TIẾP NHẬN
BÁO CÁO THỐNG KÊ HỒ SƠ
BIỂU THỐNG KÊ KẾT QUẢ GIẢI QUYẾT TTHC
Thống kê tình hình giải quyết hồ sơ theo thời gian
Thống kê tình hình xử lý hồ sơ của cán bộ
BÁO CÁO THÁNG VỀ TÌNH HÌNH GIẢI QUYẾT HỒ SƠ
BÁO CÁO ĐỊNH KỲ QUÝ III/2023 VỀ CÔNG TÁC KIỂM SOÁT THỦ TỤC HÀNH CHÍNH
TÌNH HÌNH VÀ KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH TẠI BỘ PHẬN TIẾP NHẬN VÀ TRẢ KẾT QUẢ CÁC CẤP
Bộ phận Tiếp nhận và Trả kết quả hiện đại thành phố Vân Sơn
TRUNG TÂM HÀNH CHÍNH CÔNG THÀNH PHỐ VÂN SƠN
TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG || BÁO CÁO TÌNH HÌNH HỒ SƠ
KẾT QUẢ TIẾP NHẬN, GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH TẠI TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG VÀ BỘ PHẬN MỘT CỬA CÁC CẤP
BÁO CÁO TÌNH HÌNH GIẢI QUYẾT HỒ SƠ TẠI SỞ, BAN, NGÀNH VÀ UBND CÁC HUYỆN, THÀNH PHỐ
TÌNH HÌNH GIẢI QUYẾT HỒ SƠ CỦA CÁC SỞ, NGÀNH TỈNH NAM ĐỊNH
HỆ THỐNG MỘT CỬA ĐIỆN TỬ VÀ DỊCH VỤ CÔNG TRỰC TUYẾN THÀNH PHỐ VÂN SƠN
HỆ THỐNG THÔNG TIN GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH TỈNH BÀ RỊA - VŨNG TÀU
CỔNG DỊCH VỤ CÔNG QUỐC GIA
CỔNG DỊCH VỤ CÔNG - HỆ THỐNG MỘT CỬA ĐIỆN TỬ TỈNH THỪA THIÊN HUẾ
Cổng thông tin điện tử tỉnh Quảng Ninh
VNPT iGate - Hệ thống một cửa điện tử
Phần mềm Một cửa điện tử - BC tổng hợp
Báo cáo được kết xuất từ Hệ thống thông tin giải quyết TTHC tỉnh Nam Định
Số liệu được trích xuất từ Cổng dịch vụ công tỉnh lúc 08:00 ngày 18/09/2023
(Số liệu tính từ ngày 15/6/2023 đến ngày 14/9/2023)
(Số liệu tính đến hết ngày 14/9/2023)
Số liệu lấy trên Hệ thống thông tin giải quyết TTHC của tỉnh
(Kèm theo Công văn số 123/UBND-VP ngày 15/9/2023 của UBND thành phố)
(Kèm theo Báo cáo số       /BC-UBND ngày     /9/2023 của UBND phường Mai Sơn)
(Ban hành kèm theo Quyết định số 12/QĐ-UBND ngày 01/01/2023)
Mẫu số 06a/VPCP/KSTT (Ban hành kèm theo Thông tư số 01/2020/TT-VPCP)
Biểu số 06a-VPCP/KSTT/TTHC
Biểu 06: Tình hình giải quyết TTHC
Biểu số 01/TTHC
BIỂU 1A - KẾT QUẢ GIẢI QUYẾT HỒ SƠ
PHỤ LỤC 02: TỔNG HỢP SỐ LIỆU HỒ SƠ
Phụ lục số 3. Tình hình, kết quả giải quyết TTHC
Bảng 1: Tổng hợp kết quả giải quyết hồ sơ
PHỤ LỤC || TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT TTHC QUÝ III NĂM 2023 || (Kèm theo Báo cáo số 12/BC-UBND ngày 18/9/2023 của UBND phường Mai Sơn)
Tổng hợp hồ sơ: Tất cả
Lĩnh vực: Tất cả
Thủ tục: --Tất cả--
Đơn vị: Tất cả đơn vị
Đơn vị xử lý: UBND thành phố Vân Sơn
Cơ quan: UBND Thành phố Vân Sơn
Kỳ báo cáo: Quý III/2023 - Đơn vị báo cáo: UBND phường Mai Sơn
Ngày nhận báo cáo (BC): Quý: trước ngày 18 của tháng cuối quý
Đơn vị tính: Hồ sơ; %
ĐVT: hồ sơ
Người lập biểu: Công chức 1
Tài khoản: congchuc1
Trang 1/3
Ghi chú: số liệu không bao gồm hồ sơ bị hủy
Lưu ý: hồ sơ quá hạn gồm cả hồ sơ chưa giải quyết
TỔNG HỢP TÌNH HÌNH GIẢI QUYẾT HỒ SƠ CÁC PHƯỜNG, XÃ TRÊN ĐỊA BÀN THÀNH PHỐ VÂN SƠN
TỔNG HỢP KẾT QUẢ GIẢI QUYẾT HỒ SƠ TẠI BỘ PHẬN "MỘT CỬA" QUÝ III NĂM 2023
Tổng hợp kết quả giải quyết hồ sơ tại Bộ phận Một cửa cấp xã, từ 15/6 đến 14/9/2023
TỔNG HỢP TÌNH HÌNH TIẾP NHẬN, GIẢI QUYẾT VÀ TRẢ KẾT QUẢ TTHC CHO TỔ CHỨC, CÁ NHÂN
KẾT QUẢ GIẢI QUYẾT TTHC PHỤC VỤ NGƯỜI DÂN, DOANH NGHIỆP
Báo cáo tổng hợp theo lĩnh vực
Báo cáo tổng hợp theo cơ quan thực hiện
BÁO CÁO CHI TIẾT THEO THỦ TỤC
Báo cáo tình hình giải quyết hồ sơ đúng hạn, trễ hạn
Báo cáo tình hình tiếp nhận và xử lý hồ sơ (trực tuyến, trực tiếp, bưu chính)
BÁO CÁO TÌNH HÌNH TIẾP NHẬN HỒ SƠ QUA CÁC HÌNH THỨC
Tình hình tiếp nhận hồ sơ theo hình thức: trực tiếp, trực tuyến
I. KẾT QUẢ GIẢI QUYẾT TTHC CẤP HUYỆN
II. KẾT QUẢ GIẢI QUYẾT TTHC CẤP XÃ
A. Các phòng chuyên môn thuộc UBND thành phố
B. UBND các phường, xã
III. Tổng cộng (I + II)
Tổng hợp chung toàn thành phố
TÌNH HÌNH GIẢI QUYẾT HỒ SƠ NĂM 2023
Tình hình giải quyết hồ sơ 9 tháng năm 2023
TÌNH HÌNH GIẢI QUYẾT HỒ SƠ TỪ THÁNG 6 ĐẾN THÁNG 9 NĂM 2023
THỐNG KÊ HỒ SƠ QUÝ 3
Danh sách hồ sơ
Danh sách hồ sơ đã tiếp nhận từ 15/06/2023 đến 14/09/2023
DANH SÁCH HỒ SƠ TIẾP NHẬN VÀ TRẢ KẾT QUẢ
DANH SÁCH TỔNG HỢP HỒ SƠ CỦA PHÒNG TƯ PHÁP
Danh sách chi tiết hồ sơ tiếp nhận - giải quyết
Sổ theo dõi hồ sơ tiếp nhận và trả kết quả
SỔ THEO DÕI HỒ SƠ || Mẫu số 06 - Thông tư 01/2018/TT-VPCP
CHI TIẾT HỒ SƠ
Tra cứu hồ sơ
Kết quả tra cứu hồ sơ
THEO DÕI TÌNH HÌNH XỬ LÝ HỒ SƠ CỦA ĐƠN VỊ
Báo cáo hồ sơ theo trạng thái
BÁO CÁO SỐ LƯỢNG HỒ SƠ THEO ĐƠN VỊ TIẾP NHẬN
Tổng số hồ sơ: 1.234
Số hồ sơ: 1234
Tổng hợp số liệu hồ sơ quý III so với cùng kỳ năm 2022
ỦY BAN NHÂN DÂN TỈNH NAM ĐỊNH || VĂN PHÒNG || TỔNG HỢP KẾT QUẢ GIẢI QUYẾT TTHC
UBND THÀNH PHỐ VÂN SƠN || TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG || TÌNH HÌNH GIẢI QUYẾT TTHC || Quý III năm 2023
BÁO CÁO TÌNH HÌNH XỬ LÝ HỒ SƠ || ĐƠN VỊ: PHÒNG TƯ PHÁP
BÁO CÁO TÌNH HÌNH XỬ LÝ HỒ SƠ || THỜI GIAN: QUÝ III NĂM 2023 || ĐƠN VỊ TÍNH: HỒ SƠ
BÁO CÁO TÌNH HÌNH GIẢI QUYẾT TTHC || TẠI UBND PHƯỜNG MAI SƠN, THÀNH PHỐ VÂN SƠN, TỈNH NAM ĐỊNH
BÁO CÁO KẾT QUẢ GIẢI QUYẾT TTHC || CỦA PHÒNG VĂN HÓA, THỂ THAO VÀ DU LỊCH
TÌNH HÌNH GIẢI QUYẾT HỒ SƠ || CỦA UBND CÁC XÃ, PHƯỜNG, THỊ TRẤN TRÊN ĐỊA BÀN
TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT TTHC TẠI ỦY BAN NHÂN DÂN XÃ BẢN ƯỠN
TÌNH HÌNH, KẾT QUẢ GIẢI QUYẾT TTHC TẠI PHÒNG QUẢN LÝ ĐÔ THỊ
Kết quả giải quyết TTHC của Phòng Kinh tế và Hạ tầng huyện Văn Bàn
Kết quả giải quyết TTHC của Phòng Giáo dục và Đào tạo
Tình hình giải quyết hồ sơ tại Phòng Tài chính - Kế hoạch
Tình hình giải quyết hồ sơ tại Ban Quản lý khu kinh tế tỉnh
Tình hình giải quyết hồ sơ tại Công an thành phố
Tình hình giải quyết hồ sơ tại Bảo hiểm xã hội thành phố
Tình hình giải quyết TTHC của Sở Nông nghiệp và Phát triển nông thôn
BÁO CÁO SỐ LIỆU TIẾP NHẬN, GIẢI QUYẾT HỒ SƠ THEO CƠ CHẾ MỘT CỬA, MỘT CỬA LIÊN THÔNG TẠI UBND CẤP XÃ
Báo cáo tiến độ giải quyết hồ sơ
BÁO CÁO HOẠT ĐỘNG CỦA BỘ PHẬN MỘT CỬA
KẾT QUẢ HOẠT ĐỘNG TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG QUÝ III
Theo dõi, đôn đốc tiến độ giải quyết hồ sơ
Tổng hợp đánh giá kết quả giải quyết TTHC của các cơ quan, đơn vị, địa phương
Bảng tổng hợp số liệu giải quyết TTHC phục vụ đánh giá, xếp loại quý III
BIỂU SỐ LIỆU PHỤC VỤ BÁO CÁO CẢI CÁCH HÀNH CHÍNH QUÝ III
Số liệu kiểm soát TTHC, cải cách TTHC
BÁO CÁO KẾT QUẢ THỰC HIỆN NHIỆM VỤ KIỂM SOÁT TTHC
BÁO CÁO TÌNH HÌNH THỰC HIỆN TIẾP NHẬN VÀ TRẢ KẾT QUẢ GIẢI QUYẾT TTHC
KẾT QUẢ GIẢI QUYẾT TTHC THEO THẨM QUYỀN
Kết quả xử lý hồ sơ trong kỳ báo cáo
Tình hình tiếp nhận, thụ lý, giải quyết hồ sơ
TÌNH HÌNH GIẢI QUYẾT HỒ SƠ || (Từ 15/6/2023 - 14/9/2023)
Báo cáo nhanh tình hình giải quyết hồ sơ tuần 36
Báo cáo giao ban: tình hình giải quyết hồ sơ
Kết quả chấm điểm giải quyết TTHC
Biểu tổng hợp kết quả đánh giá, chấm điểm việc giải quyết TTHC quý III/2023
""".strip().splitlines()

NARROWING = """
BÁO CÁO GIẢI QUYẾT HỒ SƠ || (Toàn trình)
BÁO CÁO GIẢI QUYẾT HỒ SƠ || Mức độ toàn trình
BÁO CÁO GIẢI QUYẾT HỒ SƠ || (Trực tuyến)
Tìm thấy hồ sơ theo điều kiện lọc
Tìm thấy 12 hồ sơ theo điều kiện lọc || Lĩnh vực: Đất đai
QUẢN LÝ HỒ SƠ ĐẤT ĐAI
BIỂU TỔNG HỢP CÔNG TÁC TIẾP NHẬN VÀ GIẢI QUYẾT HỒ SƠ ĐẤT ĐAI
DANH SÁCH HỒ SƠ GỬI THƯ XIN LỖI
KẾT QUẢ GIẢI QUYẾT HỒ SƠ LIÊN THÔNG
TÌNH HÌNH GIẢI QUYẾT HỒ SƠ CẤP GIẤY PHÉP XÂY DỰNG
Thống kê hồ sơ chứng thực
BÁO CÁO HỒ SƠ CỦA DOANH NGHIỆP FDI
KẾT QUẢ CUNG CẤP DỊCH VỤ CÔNG TOÀN TRÌNH
BÁO CÁO DỊCH VỤ CÔNG TRỰC TUYẾN
TỔNG HỢP HỒ SƠ LĨNH VỰC ĐẤT ĐAI
BÁO CÁO TÌNH HÌNH GIẢI QUYẾT HỒ SƠ || CẤP GIẤY CHỨNG NHẬN QUYỀN SỬ DỤNG ĐẤT
BÁO CÁO KẾT QUẢ CẤP CĂN CƯỚC CÔNG DÂN
KẾT QUẢ GIẢI QUYẾT HỒ SƠ PHÒNG CHÁY CHỮA CHÁY
Hồ sơ bảo hiểm xã hội
Tình hình giải quyết hồ sơ người có công
Hồ sơ đăng ký khai sinh
TỔNG HỢP HỒ SƠ NỘP QUA CỔNG DỊCH VỤ CÔNG QUỐC GIA
Hồ sơ tiếp nhận qua VNPT iGate
Hồ sơ tiếp nhận tại nhà
THỐNG KÊ HỒ SƠ PHI ĐỊA GIỚI HÀNH CHÍNH
Hồ sơ không thu phí
HỒ SƠ CÓ THU PHÍ, LỆ PHÍ
HỒ SƠ THANH TOÁN TRỰC TUYẾN
DANH SÁCH HỒ SƠ CẦN BỔ SUNG NHIỀU LẦN
KẾT QUẢ GIẢI QUYẾT TTHC NỘI BỘ
BÁO CÁO KẾT QUẢ GIẢI QUYẾT HỒ SƠ (không tính hồ sơ đất đai)
TỔNG HỢP HỒ SƠ (chỉ tính hồ sơ cấp huyện có phí)
Hồ sơ của hộ nghèo
Hồ sơ sở hữu nhà ở
Hồ sơ hợp tác xã
HỒ SƠ SỐ HÓA
TỔNG HỢP KẾT QUẢ SỐ HÓA HỒ SƠ
Báo cáo hồ sơ hộ kinh doanh
I. Đất đai
Hộ tịch
BÁO CÁO GIẢI QUYẾT HỒ SƠ MỨC ĐỘ 4
Hồ sơ cấp giấy phép lái xe
Báo cáo hồ sơ đăng ký hộ kinh doanh cá thể
TỔNG HỢP HỒ SƠ ĐĂNG KÝ KẾT HÔN CÓ YẾU TỐ NƯỚC NGOÀI
KẾT QUẢ GIẢI QUYẾT HỒ SƠ NGƯỜI CAO TUỔI
KẾT QUẢ GIẢI QUYẾT HỒ SƠ NGƯỜI KHUYẾT TẬT TẠI UBND PHƯỜNG MAI SƠN
Thống kê hồ sơ của công dân nước ngoài
Danh sách hồ sơ tổ chức
DANH SÁCH HỒ SƠ CỦA CÔNG DÂN
BÁO CÁO HỒ SƠ DOANH NGHIỆP
HỒ SƠ DỊCH VỤ CÔNG THIẾT YẾU
25 DỊCH VỤ CÔNG THIẾT YẾU THEO ĐỀ ÁN 06
BÁO CÁO KẾT QUẢ THỰC HIỆN ĐỀ ÁN 06
Kết quả giải quyết 02 nhóm TTHC liên thông khai sinh
HỒ SƠ KHAI SINH, KHAI TỬ
HỒ SƠ TRẢ QUA BƯU CHÍNH
Hồ sơ trả kết quả điện tử
Hồ sơ cấp kết quả bản điện tử
HỒ SƠ CHỨNG THỰC BẢN SAO ĐIỆN TỬ
TÌNH HÌNH CHỨNG THỰC BẢN SAO TỪ BẢN CHÍNH
TỔNG HỢP CẤP GIẤY PHÉP XÂY DỰNG QUÝ III
Danh sách cấp giấy chứng nhận quyền sử dụng đất
BÁO CÁO GIAO DỊCH BẢO ĐẢM
Thống kê đăng ký biến động đất đai
BÁO CÁO TÁCH THỬA, HỢP THỬA
TÌNH HÌNH GIẢI QUYẾT HỒ SƠ CHUYỂN MỤC ĐÍCH SỬ DỤNG ĐẤT
TỔNG HỢP HỒ SƠ THUẾ
Hồ sơ nghĩa vụ tài chính
Hồ sơ lý lịch tư pháp
KẾT QUẢ GIẢI QUYẾT HỒ SƠ LĨNH VỰC TƯ PHÁP
KẾT QUẢ GIẢI QUYẾT TTHC LĨNH VỰC XÂY DỰNG TẠI UBND PHƯỜNG MAI SƠN
Lĩnh vực Môi trường
LĨNH VỰC: HỘ TỊCH
Thủ tục: Đăng ký khai sinh
Thủ tục đăng ký khai sinh
HỒ SƠ TIẾP NHẬN TỪ CỔNG DỊCH VỤ CÔNG QUỐC GIA
HỒ SƠ NỘP QUA ZALO
HỒ SƠ NỘP TẠI BƯU ĐIỆN
HỒ SƠ TIẾP NHẬN QUA KIOSK
HỒ SƠ NỘP NGOÀI GIỜ HÀNH CHÍNH
HỒ SƠ GIẢI QUYẾT NGAY TRONG NGÀY
HỒ SƠ TRẢ TRONG NGÀY
Thống kê hồ sơ có thời hạn giải quyết trên 15 ngày
DANH SÁCH HỒ SƠ BỊ PHẢN ÁNH, KIẾN NGHỊ
DANH SÁCH HỒ SƠ ĐƯỢC GIA HẠN
DANH SÁCH HỒ SƠ CÓ YÊU CẦU BỔ SUNG
Danh sách hồ sơ hủy
Danh sách hồ sơ sắp đến hạn
DANH SÁCH HỒ SƠ TỒN QUÁ LÂU
HỒ SƠ KHÔNG ĐỦ ĐIỀU KIỆN
HỒ SƠ CỦA CÁN BỘ, CÔNG CHỨC
HỒ SƠ CHÍNH SÁCH NGƯỜI CÓ CÔNG VỚI CÁCH MẠNG
HỒ SƠ TRỢ CẤP XÃ HỘI HÀNG THÁNG
Hồ sơ hỗ trợ chi phí mai táng
TÌNH HÌNH GIẢI QUYẾT HỒ SƠ BẢO HIỂM Y TẾ CHO TRẺ EM DƯỚI 6 TUỔI
HỒ SƠ CẤP ĐỔI, CẤP LẠI
Hồ sơ cấp mới
BÁO CÁO TTHC CẤP BỘ
BÁO CÁO TTHC ĐẶC THÙ
BÁO CÁO TTHC PHÂN CẤP, ỦY QUYỀN
Hồ sơ ủy quyền
HỒ SƠ THỰC HIỆN PHI ĐỊA GIỚI
KẾT QUẢ GIẢI QUYẾT TTHC KHÔNG PHỤ THUỘC ĐỊA GIỚI HÀNH CHÍNH
BÁO CÁO GIẢI QUYẾT TTHC TRÊN MÔI TRƯỜNG ĐIỆN TỬ
BÁO CÁO THANH TOÁN TRỰC TUYẾN
BÁO CÁO TÁI SỬ DỤNG DỮ LIỆU SỐ HÓA
HỒ SƠ MẪU
HỒ SƠ KIỂM THỬ
HỒ SƠ ĐẦU TƯ CÔNG
Hồ sơ dự án đầu tư
HỒ SƠ QUY HOẠCH
Báo cáo hồ sơ thẩm định thiết kế
HỒ SƠ THI ĐUA KHEN THƯỞNG
HỒ SƠ TÔN GIÁO
HỒ SƠ GIÁO DỤC
HỒ SƠ Y TẾ, DƯỢC
TỔNG HỢP HỒ SƠ CÔNG CHỨNG
HỒ SƠ CƯ TRÚ
TÌNH HÌNH CẤP CĂN CƯỚC
HỒ SƠ PHÒNG KHÁM TƯ NHÂN
HỒ SƠ PHÒNG CHỐNG THIÊN TAI
HỒ SƠ VIỆC LÀM
HỒ SƠ THÀNH LẬP HỘ KINH DOANH, HỢP TÁC XÃ
Một số thủ tục trọng điểm
Các thủ tục liên thông thuế - đất đai
10 TTHC CÓ SỐ LƯỢNG HỒ SƠ LỚN NHẤT
HỒ SƠ RÚT NGẮN THỜI GIAN
""".strip().splitlines()
