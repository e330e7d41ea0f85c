# SPDX-License-Identifier: Apache-2.0
"""The account and Region that credentials open, and small things that calls to it share."""

import os
import time
from collections.abc import Callable
from functools import cache, cached_property
from typing import Any
from urllib.parse import urlsplit

import botocore.session
from botocore.client import BaseClient
from botocore.config import Config
from botocore.exceptions import ClientError

from redoubt_stack import arguments
from redoubt_stack.console import Progress, Stop

ATTEMPTS = 8
# A function that is stopped turns each call away: to repeat that eight times takes half a minute.
ATTEMPTS_OF = {"lambda": 4}
OF_AWS = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws")


def config(service: str) -> Config:
    attempts = ATTEMPTS_OF.get(service, ATTEMPTS)
    return Config(
        retries={"mode": "standard", "total_max_attempts": attempts},
        connect_timeout=10,
        read_timeout=60,
        s3={"addressing_style": "auto"},
    )


class Aws:
    """Credentials come from where the AWS tools look for them."""

    def __init__(self, region: str | None, profile: str | None) -> None:
        self._session = botocore.session.Session(profile=profile)
        # AWS_REGION is what Lambda and newer tools set; botocore knows the older name only.
        chosen = (
            region or os.environ.get("AWS_REGION") or self._session.get_config_variable("region")
        )
        if not chosen:
            raise Stop("no Region: give --region, or set AWS_REGION")
        arguments.refuse(arguments.region_mistakes(str(chosen)))
        self.region = str(chosen)

    @cache  # noqa: B019 - lives as long as the program
    def client(self, service: str, region: str | None = None) -> BaseClient:
        return self._session.create_client(
            service, region_name=region or self.region, config=config(service)
        )

    def place(self, service: str) -> str:
        """The Region; and where the service is, if the shell (AWS_ENDPOINT_URL) or the AWS
        configuration sends what is asked of it to another place than AWS."""
        url = self.client(service).meta.endpoint_url
        is_aws = (urlsplit(url).hostname or "").endswith(OF_AWS)
        return self.region if is_aws else f"{self.region} at {url}"

    @property
    def credentials(self) -> Any:
        return self._session.get_credentials().get_frozen_credentials()

    @cached_property
    def _identity(self) -> dict[str, str]:
        return self.client("sts").get_caller_identity()

    @property
    def account(self) -> str:
        return self._identity["Account"]

    @property
    def caller(self) -> str:
        return self._identity["Arn"]

    @property
    def partition(self) -> str:
        return self.caller.split(":")[1]

    def is_root_or(self, role_arn: str) -> bool:
        """Whether the caller is the account's root, or a session of this role."""
        role = role_arn.rpartition("/")[2]
        session = bool(role) and f":assumed-role/{role}/" in self.caller
        return self.caller.endswith(":root") or session


def code_of(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def unless_missing(call: Callable[[], Any], *codes: str) -> Any:
    """The answer, or None if AWS says with one of these codes that there is no such thing."""
    try:
        return call()
    except ClientError as error:
        if code_of(error) in codes:
            return None
        raise


def wait_until(
    ready: Callable[[], Any],
    what: str,
    seconds: float = 1800,
    detail: Callable[[], str] = lambda: "",
) -> Any:
    """The first answer of `ready` that is not None or False; asked seldomer as time goes by.
    Meanwhile it is shown that it is waited for, with `detail`."""
    deadline = time.monotonic() + seconds
    pause = 0.1
    with Progress(f"waiting for {what}") as progress:
        while True:
            answer = ready()
            if answer:
                return answer
            if time.monotonic() > deadline:
                raise Stop(f"{what} took more than {seconds:.0f} s; run the same command again")
            progress.show(detail())
            time.sleep(pause)
            pause = min(pause * 1.5, 5)
