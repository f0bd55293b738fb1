"""Hands a letter to SES, and tells "surely not sent" from "perhaps sent": SES knows no idempotency token."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, ConnectTimeoutError, EndpointConnectionError

CONNECT_SECONDS, READ_SECONDS = 1, 3


class NotSent(Exception):
    """The provider never took it: it may be tried again without fear of sending twice."""


class PerhapsSent(Exception):
    """The answer was lost: the letter may be on its way."""


@lru_cache(maxsize=1)
def _client() -> Any:
    """SES, made when the first letter goes. One try a call: whether to try again is the outbox's to decide."""
    import boto3  # here, so that a request that sends nothing does not pay for it

    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"total_max_attempts": 1},
        parameter_validation=False,  # what is sent was made by us
        user_agent="anteroom",  # botocore would word its own anew, twice a call
    )
    return boto3.client("ses", config=config)


def send(sender: str, to: str, message: bytes) -> str:
    """Send a MIME message; returns the provider's id. Raises NotSent or PerhapsSent."""
    try:
        answer = _client().send_raw_email(Source=sender, Destinations=[to], RawMessage={"Data": message})
    except ClientError as error:
        # A refusal (4xx) is certain; a 5xx may have come after the letter was taken.
        certain = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 500) < 500
        raise (NotSent if certain else PerhapsSent)(error.response.get("Error", {}).get("Code", "")) from error
    except (ConnectTimeoutError, EndpointConnectionError) as error:
        raise NotSent(type(error).__name__) from error
    except BotoCoreError as error:
        raise PerhapsSent(type(error).__name__) from error
    return str(answer["MessageId"])
