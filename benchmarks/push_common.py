"""What the parts of the push benchmark agree on."""

import json

SUBJECT = "mailto:do-luong@example.vn"
TEXT = "Nước lũ đang lên ở hạ lưu sông Kôn. Đưa người già và trẻ em lên chỗ cao, giữ điện thoại, gọi 112 khi cần cứu."
BODY = json.dumps(
    {"title": "Cảnh báo khẩn: lũ lớn", "text": TEXT, "link": "/inbox", "receipt": "0" * 36}, ensure_ascii=False
)
