# SPDX-License-Identifier: Apache-2.0
"""What to do about an answer of AWS, or about none."""

from botocore import exceptions
from botocore.exceptions import BotoCoreError, ClientError

CREDENTIALS = (
    "give credentials as the AWS tools take them: `aws configure sso` once and `aws sso login` "
    "(then --profile NAME), or AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN. "
    "`aws sts get-caller-identity` shows who you are"
)
NO_CREDENTIALS = (
    exceptions.NoCredentialsError,
    exceptions.PartialCredentialsError,
    exceptions.CredentialRetrievalError,
    exceptions.SSOError,
    exceptions.TokenRetrievalError,
)
EXPIRED = ("ExpiredToken", "ExpiredTokenException", "RequestExpired")
NOT_TAKEN = (
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "SignatureDoesNotMatch",
    "InvalidAccessKeyId",
    "AuthFailure",
)
DENIED = ("AccessDenied", "AccessDeniedException", "AuthorizationError", "UnauthorizedOperation")


def advice(error: Exception) -> str:
    """What to do about it, as far as it is known; else empty."""
    if isinstance(error, NO_CREDENTIALS):
        return CREDENTIALS
    if isinstance(error, exceptions.ProfileNotFound):
        return "give another --profile; `aws configure list-profiles` lists them"
    if isinstance(error, (exceptions.HTTPClientError, exceptions.ConnectionError)):
        return "is there a way to the Internet, and is the Region right? Then run this again"
    code = error.response.get("Error", {}).get("Code") if isinstance(error, ClientError) else ""
    if code in EXPIRED:
        return f"the credentials have expired: {CREDENTIALS}"
    if code in NOT_TAKEN:
        return f"AWS does not know these credentials: {CREDENTIALS}"
    if code in DENIED:
        return (
            "the caller lacks this right: docs/deploying.md (Before you begin) says which policy "
            "is needed"
        )
    return ""


def told_by_aws(error: Exception) -> str:
    """With what to do; an error that is none of AWS's is raised again."""
    if not isinstance(error, (ClientError, BotoCoreError)):
        raise error
    what = advice(error)
    return f"AWS: {error}" + (f"\n  {what}" if what else "")
