"""A firm's consent to the use of its figures, and its withdrawal."""

import datetime as dt
import hashlib
from collections.abc import Sequence

from django.db import transaction

from guatu.growth.enums import ConsentBasis
from guatu.growth.models import Consent, ConsentEvidence
from guatu.growth.rules import firm_rules
from guatu.growth.values import check_firm, check_revision, line, not_direct, past_day, words
from guatu.register.errors import Invalid
from guatu.register.evidence import FileAdmitted, FileGiven, admit_file, keep_evidence
from guatu.register.models import Subject
from guatu.register.policies import require
from guatu.register.recording import Act, change, create, create_many


def give_consent(
    act: Act,
    firm: Subject,
    *,
    basis: str,
    given_by: str,
    purposes: Sequence[str],
    on: dt.date,
    document: str = "",
    words_of: str = "",
    files: Sequence[FileGiven] = (),
) -> Consent:
    """Record on what figures of the firm may be kept: its consent, a law, or publication.

    ``given_by`` is who agreed, or the name of the law or source. A law or source needs its number
    or title in ``document``; ``files`` show it. Raises Invalid without whom, for what, or when.
    """
    require(act.standing, "firm.consent", firm)
    check_firm(firm)
    if basis not in ConsentBasis.values:
        raise Invalid("请选择依据：企业同意、法律法规规定或已依法公开。", "basis")
    by = line(given_by, "由谁同意（或依据名称）", "given_by", 200)
    paper = line(document, "文件名称或条款", "document", 200, needed=basis != ConsentBasis.CONSENT)
    not_direct(by, paper)
    known = firm_rules(act.business_date).purposes
    chosen = [code for code in known if code in set(purposes)]
    if not chosen or len(chosen) != len(set(purposes)):
        raise Invalid("请选择数据用于什么，用途须在规定的范围内。", "purposes")
    consent = Consent(
        subject=firm,
        basis=basis,
        given_by=by,
        document=paper,
        words=words(words_of, "同意内容", "words_of", needed=False),
        purposes=chosen,
        on=past_day(on, act.business_date, "同意日期", "on"),
    )
    admitted = [admit_file(act, file) for file in files]
    with transaction.atomic():
        create(act, "consent.give", consent)
        _show(act, consent, admitted)
    return consent


def show_consent(act: Act, consent: Consent, files: Sequence[FileGiven]) -> None:
    """Add papers that show a consent. Raises Invalid without a file, or once it was withdrawn."""
    require(act.standing, "firm.consent", consent.subject)
    if consent.withdrawn_on is not None:
        raise Invalid(f"这项同意已于 {consent.withdrawn_on} 撤回，不再补充文件。")
    if not files:
        raise Invalid("请选择文件。", "file")
    admitted = [admit_file(act, file) for file in files]
    with transaction.atomic():
        _show(act, consent, admitted)


def _show(act: Act, consent: Consent, admitted: Sequence[FileAdmitted]) -> None:
    """Keep the papers; one that shows the consent already is not kept twice."""
    known = set(consent.shown_by.values_list("evidence__file__sha256", flat=True))
    kept = [
        keep_evidence(act, consent.subject, file)
        for file in admitted
        if hashlib.sha256(file.looked_at.content).hexdigest() not in known
    ]
    shown = [ConsentEvidence(consent=consent, evidence=evidence) for evidence in kept]
    create_many(act, "consent.show", shown)


def withdraw_consent(
    act: Act, consent: Consent, *, by: str, reason: str = "", expected_revision: int | None = None
) -> Consent:
    """Withdraw a consent: from now on its figures are shown to nobody; the log keeps what was.

    ``by`` is who withdraws it for the firm. The firm owes no reason.
    """
    require(act.standing, "firm.consent", consent.subject)
    check_revision(consent.revision, expected_revision)
    if consent.withdrawn_on is not None:
        raise Invalid(f"这项同意已于 {consent.withdrawn_on} 撤回。")
    who = line(by, "由谁撤回", "by", 200)
    day = max(act.business_date, consent.on)
    act = act.because(line(reason, "说明", "reason", 300, needed=False))
    return change(act, "consent.withdraw", consent, withdrawn_on=day, withdrawn_by=who)
