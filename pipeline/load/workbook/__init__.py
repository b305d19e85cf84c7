"""The sheets of cham-diem.xlsx."""
