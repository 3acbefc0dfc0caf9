"""What `manage.py load_sample` loads: one real article and the real masthead, and a dozen articles that say they are samples.

The real article (``cchc-2024.txt``) names the plan's date, 19/02/2024, and not its own: that it was published on 20/02/2024
at 08:00 is assumed. Everything titled "Bài mẫu" is invented for showing the pages, and says so at its end.
"""

import re
from datetime import date
from pathlib import Path
from uuid import UUID, uuid5

from news.sample.texts import SAMPLES, at, paragraphs

HERE = Path(__file__).resolve().parent
NAMESPACE = UUID("6f1c2b52-7d0a-4d55-9a57-0f1d1a4f2c11")  # of the keys of what is loaded, so that it is known again

CREDIT = "Tranh vẽ mẫu"
START = {"total": 3_489_813, "as_of": date(2024, 2, 20), "source": "Chân trang cũ của huyện Càng Long (số liệu mẫu)"}

CATEGORIES = [
    ("Tin tức - Sự kiện", "Việc mới trong huyện, xã và thị trấn."),
    ("Chỉ đạo điều hành", "Văn bản, kế hoạch và lịch làm việc của Ủy ban nhân dân."),
    ("Cải cách hành chính", "Thủ tục hành chính, một cửa và dịch vụ công trực tuyến."),
    ("Kinh tế", "Nông nghiệp, công thương, giá cả và thị trường."),
    ("Văn hóa - Xã hội", "Giáo dục, y tế, văn hóa, thể thao và an sinh."),
    ("An ninh - Quốc phòng", "An ninh trật tự, an toàn giao thông và quân sự địa phương."),
    ("Nông thôn mới", "Đường, cầu, trường, trạm và đời sống ở các ấp, khóm."),
]


def key(name):
    return uuid5(NAMESPACE, name)


def categories():
    """The fields of each ``Category``."""
    return [
        {"name": name, "description": description, "position": number * 10}
        for number, (name, description) in enumerate(CATEGORIES, 1)
    ]


def masthead():
    """The fields of ``Masthead`` that ``footer.txt`` gives, read out of its lines."""
    lines = [line.strip("- \n") for line in (HERE / "footer.txt").read_text().splitlines()]
    name = next(line for line in lines if line.startswith("TRANG"))
    agency, address = next(line for line in lines if line.startswith("Đơn vị quản lý ")).split(" - ", 1)
    phone, fax = next(re.findall(r"[\d.]+", line) for line in lines if line.startswith("Điện thoại"))
    return {
        "name": name,
        "citation_name": next(re.search('"(.+)"', line)[1] for line in lines if line.startswith("Ghi rõ nguồn")),
        "agency": agency.removeprefix("Đơn vị quản lý "),
        "address": address.removesuffix("."),
        "phone": phone,
        "fax": fax,
        "designed_by": next(line for line in lines if line.startswith("Designed")),
    }


def real_article():
    title, summary, *body, author = (HERE / "cchc-2024.txt").read_text().strip().split("\n\n")
    return {
        "title": title, "summary": summary, "body": paragraphs(*body),
        "category": "Cải cách hành chính", "author": author, "at": at(20, 2), "picture": None,
    }  # fmt: skip


def articles():
    """Everything that is published, oldest first, as dicts of plain values; ``{picture}`` stands for a drawing's address."""
    return sorted([real_article(), *SAMPLES], key=lambda article: article["at"])
