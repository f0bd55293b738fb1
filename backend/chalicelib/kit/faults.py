"""What only says that the store is out of breath: to be tried again, and never told as a refusal."""

from __future__ import annotations

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

FAULTS = frozenset(
    {
        "TransactionConflict",
        "TransactionConflictException",
        "TransactionInProgressException",
        "ThrottlingError",
        "ThrottlingException",
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "InternalServerError",
        "ServiceUnavailable",
    }
)


def is_fault(error: BaseException) -> bool:
    """Whether an exception of a read or write only says that the store is out of breath, or the answer was lost."""
    cause = error.cause if isinstance(error, PynamoDBException) else error
    if isinstance(cause, ClientError):
        return cause.response.get("Error", {}).get("Code", "") in FAULTS
    return isinstance(cause, BotoCoreError)
