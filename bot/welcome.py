"""What `make run` tells in demo mode: where everything is, and the logins."""

from sqlalchemy import Engine

from bot.config import Config
from bot.staff.demo import logins


def welcome(config: Config, engine: Engine) -> str:
    """The addresses of the chat and the console, and the demo logins."""
    return "\n".join(
        (
            "",
            "  น้องสี่สิบ พร้อมแล้ว (โหมดทดลอง: ไม่มีบัญชี LINE จริง)",
            f"  แชตจำลอง      http://127.0.0.1:{config.port}/simulator/",
            f"  เจ้าหน้าที่       http://127.0.0.1:{config.port}/staff/",
            *(f"    {one.email}  รหัสผ่าน {one.password}" for one in logins(config.secret_key)),
            "    รหัส 6 หลักแสดงในหน้าถัดไป (มีในโหมดทดลองเท่านั้น)",
            "",
        )
    )
