"""Flat illustrations of the delta for the sample articles, drawn for this project so that nothing is borrowed."""

from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent


class Drawing(NamedTuple):
    alt: str
    caption: str


DRAWN = {
    "rice": Drawing(
        "Tranh vẽ đồng lúa xanh dưới nắng sớm, người đội nón lá đi thăm ruộng, xa xa có hàng dừa",
        "Tranh minh họa: Thăm đồng buổi sớm.",
    ),
    "bridge": Drawing(
        "Tranh vẽ cây cầu cong lan can đỏ bắc qua kênh, một người đạp xe trên cầu",
        "Tranh minh họa: Cây cầu bắc qua con kênh.",
    ),
    "canal": Drawing(
        "Tranh vẽ con kênh nhỏ giữa hai hàng dừa nước, một người chèo xuồng",
        "Tranh minh họa: Xuồng trên kênh nội đồng.",
    ),
    "school": Drawing(
        "Tranh vẽ trường học hai tầng, sân có cột cờ và cây phượng, học sinh ngồi đọc sách",
        "Tranh minh họa: Giờ đọc sách dưới bóng phượng.",
    ),
    "market": Drawing(
        "Tranh vẽ chợ quê với dãy bạt sọc, sạp rau quả và người bán đội nón lá",
        "Tranh minh họa: Chợ quê buổi sớm.",
    ),
    "road": Drawing(
        "Tranh vẽ đường làng giữa đồng lúa, ven đường có hoa và dừa, một người đạp xe",
        "Tranh minh họa: Đường làng giữa đồng.",
    ),
    "sunrise": Drawing(
        "Tranh vẽ mặt trời mọc trên sông rộng, một chiếc ghe đi trong vệt nắng",
        "Tranh minh họa: Bình minh trên sông.",
    ),
    "boat": Drawing(
        "Tranh vẽ chiếc ghe hàng có mui, cây sào treo trái cây, người bán đội nón lá",
        "Tranh minh họa: Ghe hàng bông trên sông.",
    ),
    "cakes": Drawing(
        "Tranh vẽ mâm bánh tét buộc lạt, vài khoanh đã cắt bày trên lá chuối",
        "Tranh minh họa: Mâm bánh tét.",
    ),
}


def file_of(name):
    return HERE / f"{name}.webp"
