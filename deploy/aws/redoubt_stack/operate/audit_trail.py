# SPDX-License-Identifier: Apache-2.0
"""CloudTrail's records of KMS. Source: AWS Key Management Service Developer Guide, "Sign" among the
examples of log entries; AWS CloudTrail User Guide, "record contents"."""

from collections.abc import Iterable, Iterator

import msgspec

KMS = "kms.amazonaws.com"
CLOUDTRAIL = "cloudtrail.amazonaws.com"
# What gives, takes or ends somebody's use of a key.
KEY_CHANGES = frozenset(
    (
        *("CancelKeyDeletion", "CreateGrant", "DeleteImportedKeyMaterial", "DisableKey"),
        *("EnableKey", "ImportKeyMaterial", "PutKeyPolicy", "ReplicateKey", "RetireGrant"),
        *("RevokeGrant", "ScheduleKeyDeletion", "TagResource", "UntagResource", "UpdateAlias"),
        "UpdatePrimaryRegion",
    )
)
TRAIL_CHANGES = frozenset(
    ("DeleteTrail", "PutEventSelectors", "StopLogging", "UpdateTrail", "DeleteEventDataStore")
)
CHANGES = {KMS: KEY_CHANGES, CLOUDTRAIL: TRAIL_CHANGES}


class Issuer(msgspec.Struct, gc=False):
    arn: str = ""


class Session(msgspec.Struct, gc=False):
    sessionIssuer: Issuer | None = None


class Identity(msgspec.Struct, gc=False):
    type: str = ""
    arn: str = ""
    accountId: str = ""
    invokedBy: str = ""
    sessionContext: Session | None = None

    @property
    def role(self) -> str:
        """Whose rights were used: of a session, the role."""
        issuer = self.sessionContext.sessionIssuer if self.sessionContext else None
        return (issuer.arn if issuer else "") or self.name

    @property
    def name(self) -> str:
        words = (self.type, self.accountId, self.invokedBy)
        return self.arn or " ".join(word for word in words if word) or "unknown"


class Parameters(msgspec.Struct, gc=False):
    keyId: str = ""
    messageType: str = ""
    signingAlgorithm: str = ""


class Resource(msgspec.Struct, gc=False):
    ARN: str = ""


class Record(msgspec.Struct, gc=False):
    eventTime: str
    eventName: str = ""
    eventSource: str = ""
    eventID: str = ""
    requestID: str | None = None
    errorCode: str | None = None
    sourceIPAddress: str = ""
    userIdentity: Identity | None = None
    requestParameters: Parameters | None = None
    resources: list[Resource] | None = None

    @property
    def parameters(self) -> Parameters:
        return self.requestParameters or _NOTHING

    @property
    def key(self) -> str:
        """The key's ARN; what was asked for, if AWS does not name it: after a denial."""
        return (self.resources[0].ARN if self.resources else "") or self.parameters.keyId

    @property
    def who(self) -> Identity:
        return self.userIdentity or _NOBODY


_NOBODY = Identity()
_NOTHING = Parameters()
_run = msgspec.json.Decoder(list[Record])
_one = msgspec.json.Decoder(Record)
_apart = msgspec.json.Decoder(list[msgspec.Raw])


class BadRecords(Exception):
    """Text that is not JSON, or records that are not CloudTrail's."""


def records(runs: Iterable[bytes]) -> Iterator[list[Record]]:
    """Raises BadRecords. Of an event that has a member of another type than KMS's have, only what
    is KMS's is refused."""
    for run in runs:
        try:
            yield _run.decode(run)
        except msgspec.ValidationError:
            yield list(_each(run))
        except RecursionError as error:
            raise BadRecords("a record of it is nested too deeply") from error
        except msgspec.MsgspecError as error:
            raise BadRecords(f"it is cut off, or not JSON ({error})") from error


def _each(run: bytes) -> Iterator[Record]:
    for raw in _apart.decode(run):
        try:
            yield _one.decode(raw)
        except msgspec.ValidationError as error:
            if KMS.encode() in bytes(raw) or CLOUDTRAIL.encode() in bytes(raw):
                why = f"a record of it is not as CloudTrail writes them ({error})"
                raise BadRecords(why) from error


def short(arn: str) -> str:
    """A key's own id: the same whether it was asked for by its ARN or by its id."""
    return arn.rpartition("/")[2] if ":alias/" not in arn else arn
