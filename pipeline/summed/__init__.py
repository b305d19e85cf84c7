"""Half-years and years: published quarters summed up (Thông tư 01/2018/TT-VPCP, điều 15 khoản 4 điểm c)."""
