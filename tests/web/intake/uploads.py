"""Papers and ledgers brought in through the client."""

from dataclasses import dataclass

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from guatu.register.models import (
    Officer,
    Organisation,
)

PAPER = (
    "在示例区项目攻坚年大会上的讲话\n2025年，要加快推进示例东湖产业园项目建设，年底前完成竣工验收。\n"
    "<script>alert(1)</script>示例。\n力争示例云谷数据中心签约落位。\n"
)


MOST_QUERIES = 25


@dataclass
class World:
    district: Organisation
    unit: Organisation
    office: Officer
    clerk: Officer


def signed_in(officer: Officer) -> Client:
    client = Client()
    client.force_login(officer, backend="django.contrib.auth.backends.ModelBackend")
    return client


def upload_paper(client: Client, data: bytes, name: str = "讲话.txt") -> "object":
    return client.post(reverse("intake:upload_paper"), {"file": SimpleUploadedFile(name, data)})


def upload_ledger(client: Client, data: bytes, name: str = "台账.xlsx") -> "object":
    file = SimpleUploadedFile(name, data)
    return client.post(reverse("intake:upload_ledger"), {"ledger-file": file})
