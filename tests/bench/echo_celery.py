"""The other peer: the same work with a Celery task an event, the usual way to be fast to answer.

Web: signature, a row an event, commit, one task each. Task: the row, the state under a row lock,
the reply by line-bot-sdk on one shared client, state and mark, commit. Redis carries the tasks.
"""

import json
import os

from celery import Celery
from flask import Flask, abort, request
from linebot.v3.messaging import (
    ApiClient,
    Configuration,
    MessagingApi,
    ReplyMessageRequest,
    TextMessage,
)
from sqlalchemy import LargeBinary, String, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from bot.line.signature import valid
from db.session import make_engine

engine = make_engine(os.environ["DATABASE_URL"])
celery = Celery("echo", broker=os.environ["CELERY_BROKER_URL"])
celery.conf.update(task_ignore_result=True, worker_prefetch_multiplier=4, task_acks_late=True)
line = MessagingApi(
    ApiClient(
        Configuration(
            access_token=os.environ["LINE_CHANNEL_ACCESS_TOKEN"],
            host=os.environ["LINE_API_BASE_URL"],
        )
    )
)
app = Flask(__name__)


class Base(DeclarativeBase):
    pass


class Event(Base):
    __tablename__ = "celery_events"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    payload: Mapped[bytes] = mapped_column(LargeBinary)
    done: Mapped[bool] = mapped_column(default=False)


class Talk(Base):
    __tablename__ = "celery_talks"
    user: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int] = mapped_column(default=0)


@app.get("/healthz")
def healthz() -> str:
    return "ok"


@app.post("/callback")
def callback() -> str:
    body = request.get_data()
    secrets = [os.environ["LINE_CHANNEL_SECRET"]]
    if not valid(secrets, body, request.headers.get("X-Line-Signature")):
        abort(401)
    events = json.loads(body)["events"]
    with Session(engine) as session, session.begin():
        for event in events:
            row = {"id": event["webhookEventId"], "payload": json.dumps(event).encode()}
            session.execute(insert(Event).values(**row, done=False).on_conflict_do_nothing())
    for event in events:
        answer.delay(event["webhookEventId"])
    return ""


@celery.task(name="echo.answer")  # type: ignore[untyped-decorator]
def answer(event_id: str) -> None:
    with Session(engine) as session, session.begin():
        event = session.get(Event, event_id)
        if event is None or event.done:
            return
        raw = json.loads(event.payload)
        user = raw["source"]["userId"]
        session.execute(insert(Talk).values(user=user, count=0).on_conflict_do_nothing())
        talk = session.scalars(select(Talk).where(Talk.user == user).with_for_update()).one()
        talk.count += 1
        line.reply_message(
            ReplyMessageRequest(
                reply_token=raw["replyToken"],
                messages=[TextMessage(text=f"{talk.count}:{raw['message']['text']}")],
            )
        )
        event.done = True


if __name__ == "__main__":
    Base.metadata.create_all(engine)
