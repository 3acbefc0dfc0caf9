"""The sample articles. Invented, without real persons or decisions; the shapes differ so that every page shows its own."""

from datetime import datetime
from zoneinfo import ZoneInfo

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
AUTHOR = "Phóng viên mẫu"
CLOSING = "<p><em>Đây là bài mẫu để xem cách trình bày của trang, không phải tin thật.</em></p>"


def at(day, month, hour=8, minute=0):
    return datetime(2024, month, day, hour, minute, tzinfo=HANOI)


def paragraphs(*texts):
    return "".join(f"<p>{text}</p>" for text in texts)


def sample(title, summary, body, category, moment, picture=None, **more):
    return {"title": f"Bài mẫu: {title}", "summary": summary, "body": body + CLOSING, "category": category,
            "author": AUTHOR, "at": moment, "picture": picture, **more}  # fmt: skip


TABLE = """<table><caption>Lịch cấp nước tưới (số liệu mẫu)</caption><thead><tr><th scope="col">Tuyến kênh</th>
<th scope="col">Mở cống</th><th scope="col">Đóng cống</th><th scope="col">Diện tích (ha)</th></tr></thead><tbody>
<tr><td>Kênh mẫu số 1</td><td>05:00</td><td>09:00</td><td>120</td></tr>
<tr><td>Kênh mẫu số 2</td><td>09:30</td><td>13:30</td><td>95</td></tr>
<tr><td>Kênh mẫu số 3</td><td>14:00</td><td>18:00</td><td>140</td></tr></tbody></table>"""

SAMPLES = [
    sample(
        "Nông dân ven sông xuống giống vụ lúa mới đúng lịch thời vụ",
        "Tranh thủ con nước ngọt đầu tháng, bà con các ấp ven sông đồng loạt vệ sinh đồng ruộng và gieo sạ trong năm ngày.",
        paragraphs(
            "Từ sáng sớm, trên những thửa ruộng dọc tuyến kênh, các tổ hợp tác đã bơm nước, trục đất và chia nhau từng công "
            "việc để kịp lịch xuống giống chung.",
            "Theo kinh nghiệm của bà con, sạ đồng loạt giúp né rầy, đỡ công chăm sóc và dễ thuê máy gặt khi vào vụ thu hoạch.",
        )
        + "<h2>Giống lúa và lượng giống</h2>"
        + paragraphs(
            "Phần lớn diện tích dùng giống ngắn ngày, lượng giống từ 80 đến 100 kg cho mỗi héc-ta, giảm gần một phần ba so "
            "với cách sạ dày trước đây."
        )
        + "<ul><li>Ngâm ủ giống đúng thời gian.</li><li>Giữ mực nước ruộng từ 3 đến 5 cm.</li>"
        "<li>Bón lót trước khi sạ một ngày.</li></ul>",
        "Kinh tế", at(21, 2, 7, 30), "rice",
    ),
    sample(
        "Khánh thành cầu nông thôn nối hai ấp",
        "Cây cầu bê-tông dài 24 mét thay cho cầu ván cũ, giúp học sinh đến trường không còn phải đi vòng hơn ba cây số.",
        paragraphs(
            "Công trình do người dân hiến đất, góp ngày công và được Nhà nước hỗ trợ vật liệu. Sau bốn tháng thi công, cầu đã "
            "thông xe trong niềm vui của bà con hai bên bờ.",
        )
        + '<figure class="image"><img src="{canal}" alt="Tranh vẽ con kênh với chiếc xuồng nhỏ giữa hai hàng dừa nước">'
        "<figcaption>Con kênh nơi bà con từng qua lại bằng xuồng.</figcaption></figure>"
        + "<blockquote><p>Có cầu rồi, ghe lúa đi dưới, xe đi trên, ai cũng mừng.</p></blockquote>",
        "Nông thôn mới", at(19, 2, 9), "bridge", inside="canal",
    ),
    sample(
        "Bộ phận một cửa làm việc thêm sáng thứ bảy để người đi làm xa kịp nộp hồ sơ, nhận kết quả và được hướng dẫn "
        "nộp trực tuyến tại chỗ",
        "Mỗi sáng thứ bảy, công chức trực tại quầy hướng dẫn từng bước cách nộp hồ sơ qua mạng cho người chưa quen.",
        paragraphs(
            "Người dân mang theo căn cước và điện thoại có kết nối mạng. Ai chưa có tài khoản sẽ được giúp đăng ký ngay.",
            "Hồ sơ nộp trước 10 giờ 30 được tiếp nhận trong buổi; hồ sơ nộp sau được hẹn sang thứ hai.",
        ),
        "Cải cách hành chính", at(18, 2, 8),
    ),
    sample(
        "Lịch tiếp công dân tháng ba",
        "Việc tiếp công dân định kỳ vào các ngày 05, 15 và 25; nếu trùng ngày nghỉ thì chuyển sang ngày làm việc kế tiếp.",
        paragraphs("Giờ tiếp: sáng từ 7 giờ 30 đến 11 giờ, chiều từ 13 giờ 30 đến 17 giờ, tại phòng tiếp công dân."),
        "Chỉ đạo điều hành", at(17, 2, 7),
    ),
    sample(
        "Ngày hội đọc sách ở trường tiểu học",
        "Hơn hai trăm quyển sách được học sinh trao đổi với nhau ngay dưới bóng cây giữa sân trường.",
        paragraphs(
            "Mỗi lớp dựng một góc sách nhỏ, tự giới thiệu quyển mình thích và mời bạn lớp khác mượn đọc.",
            "Thư viện trường mở cửa thêm giờ ra chơi chiều để các em có chỗ ngồi đọc.",
        ),
        "Văn hóa - Xã hội", at(16, 2, 15), "school",
    ),
    sample(
        "Điều tiết nước tưới cho vụ đông xuân",
        "Các cống đầu mối mở theo giờ con nước, ưu tiên những cánh đồng ở cuối nguồn.",
        paragraphs("Tổ thủy nông thông báo lịch mở cống trên loa mỗi sáng và dán tại nhà văn hóa ấp.") + TABLE,
        "Kinh tế", at(15, 2, 6, 30), "canal",
    ),
    sample(
        "Chợ phiên cuối tuần bày bán nông sản nhà làm",
        "Dừa, bưởi, rau vườn và bánh lá được bà con mang ra chợ từ lúc tinh mơ.",
        paragraphs(
            "Các sạp hàng xếp theo từng nhóm, có bảng giá và nơi rửa tay. Chợ họp từ 5 giờ đến 9 giờ sáng chủ nhật.",
        ),
        "Kinh tế", at(4, 2, 5, 45), "market",
    ),
    sample(
        "Ra quân dọn vệ sinh, khơi thông tuyến kênh",
        "Đoàn viên, hội viên và người dân vớt lục bình, phát quang bờ cỏ trên đoạn kênh dài hai cây số.",
        paragraphs("Sau buổi ra quân, mỗi tổ tự quản nhận chăm một đoạn, mỗi tháng dọn một lần."),
        "Nông thôn mới", at(3, 2, 8), "road",
    ),
    sample(
        "Tập huấn kỹ năng phòng cháy cho hộ kinh doanh",
        "Người dự được thực hành dùng bình chữa cháy, ngắt điện và hướng dẫn người khác thoát nạn.",
        paragraphs("Buổi tập huấn diễn ra trong một buổi sáng, có phần hỏi đáp và phát tài liệu bỏ túi."),
        "An ninh - Quốc phòng", at(2, 2, 8, 15),
    ),
    sample(
        "Nhắc người đi đường giữ tốc độ qua khu vực trường học",
        "Biển báo, vạch giảm tốc và đội hướng dẫn được bố trí vào giờ tan trường.",
        paragraphs("Phụ huynh được mời đỗ xe đúng vạch, tắt máy khi chờ và đội mũ bảo hiểm cho trẻ."),
        "An ninh - Quốc phòng", at(1, 2, 10), "sunrise",
    ),
    sample(
        "Hội thi gói bánh tét ở nhà văn hóa khóm",
        "Mười hai đội thi trổ tài gói bánh nhiều màu từ lá cẩm, lá dứa và gấc.",
        paragraphs("Bánh sau khi chấm điểm được gửi tặng các gia đình neo đơn trong khóm."),
        "Văn hóa - Xã hội", at(30, 1, 16), "cakes",
        correction={"at": at(31, 1, 9), "note": "Sửa số đội thi từ mười thành mười hai.",
                    "before": ("Mười hai đội thi", "Mười đội thi")},
    ),
    sample(
        "Một ngày trên sông cùng chiếc ghe hàng bông",
        "Từ bến chợ ra vàm, chiếc ghe nhỏ ghé từng xóm, mang theo rau củ, gia vị và cả chuyện trong vùng.",
        paragraphs(
            "Trời chưa sáng hẳn, ghe đã nổ máy. Sương còn đọng trên mui, mùi rau ướt quyện với mùi phù sa, nước đứng lớn "
            "nên ghe đi êm như trôi.",
            "Ghé bến đầu tiên, người trong xóm đã đứng chờ. Ai mua gì thì nói vọng từ trên bờ, hàng chuyền qua chiếc sào dài, "
            "tiền bỏ vào cái rổ nhỏ buộc đầu sào.",
            "Giữa trưa, ghe nghỉ dưới tán dừa nước. Bữa cơm có cá kho, canh chua bông súng và câu chuyện về mùa nước cũ.",
            "Chiều xuống, ghe quay về, khoang đã vơi. Ngày mai con nước ròng sớm, ghe lại đi sớm hơn một chút.",
        )
        + "<h2>Con nước và nghề ghe</h2>"
        + paragraphs(
            "Người đi ghe nhớ con nước như nhớ giờ. Rằm nước lớn, mùng mười nước kém, gió chướng về thì sóng ở vàm cao hơn.",
        )
        + "<h3>Ba điều phải nhớ</h3>"
        + "<ol><li>Xem con nước trước khi nhổ sào.</li><li>Giữ đèn hiệu sáng khi trời còn tối.</li>"
        "<li>Nhường đường cho ghe lớn ở chỗ kênh hẹp.</li></ol>",
        "Tin tức - Sự kiện", at(29, 1, 6), "boat",
    ),
    sample(
        "Sân bóng mini mới sáng đèn mỗi tối",
        "Thanh niên trong ấp có nơi tập luyện sau giờ làm, trẻ nhỏ có chỗ chơi an toàn.",
        paragraphs("Sân mở cửa từ 17 giờ đến 21 giờ, do chi đoàn ấp quản lý."),
        "Tin tức - Sự kiện", at(28, 1, 17),
    ),
]  # fmt: skip
