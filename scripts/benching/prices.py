"""Published on-demand prices of us-east-1, in US dollars, free allowances left out.

Each with the page that publishes it. No price list could be read from here on the day below: where `checked` is set, a stored
copy of that page or of an AWS guide said the same; the others are as they were last known and want a look before anybody relies on them.
"""

from __future__ import annotations

from dataclasses import dataclass

STATED = "2026-11-22"
REGION = "us-east-1"


@dataclass(frozen=True)
class Price:
    """So many dollars for so many of a thing."""

    what: str
    dollars: float
    per: float
    source: str
    checked: str = ""  # what said the same; empty: nothing could be looked up

    def of(self, quantity: float) -> float:
        """Dollars for a quantity."""
        return self.dollars * quantity / self.per


MILLION = 1_000_000
AWS = "https://aws.amazon.com"
EDGE = f"{AWS}/cloudfront/pricing/"
WATCH = f"{AWS}/cloudwatch/pricing/"
TABLES = f"{AWS}/dynamodb/pricing/on-demand/"
LATER = "guides of others that quote the page"

REQUESTS = Price("CloudFront, HTTPS requests", 0.01, 10_000, EDGE, LATER)
TRANSFER = Price("CloudFront, GB to readers in North America and Europe", 0.085, 1e9, EDGE, "the page")
EDGE_RUNS = Price("CloudFront Functions, runs", 0.10, MILLION, EDGE, LATER)
EDGE_READS = Price("CloudFront KeyValueStore, reads", 0.03, MILLION, EDGE)
GATEWAY = Price("API Gateway REST, requests", 3.50, MILLION, f"{AWS}/api-gateway/pricing/", "an AWS whitepaper")
LAMBDA_RUNS = Price("Lambda, invocations", 0.20, MILLION, f"{AWS}/lambda/pricing/", LATER)
LAMBDA_TIME = Price("Lambda on arm64, GB-seconds", 0.0000133334, 1, f"{AWS}/lambda/pricing/", LATER)
READS = Price("DynamoDB, read request units", 0.125, MILLION, TABLES, LATER)
WRITES = Price("DynamoDB, write request units", 0.625, MILLION, TABLES, LATER)
STORED = Price("DynamoDB, GB-months", 0.25, 1e9, TABLES)
RESTORABLE = Price("DynamoDB point-in-time recovery, GB-months", 0.20, 1e9, TABLES)
MAILS = Price("SES, mails", 0.10, 1000, f"{AWS}/ses/pricing/", LATER)
LOGS = Price("CloudWatch Logs, GB taken in", 0.50, 1e9, WATCH, LATER)
METRIC = Price("CloudWatch, custom metrics", 0.30, 1, WATCH, LATER)
ALARM = Price("CloudWatch, alarms", 0.10, 1, WATCH)
DASHBOARD = Price("CloudWatch, dashboards", 3.00, 1, WATCH, LATER)
KEY = Price("KMS, keys", 1.00, 1, f"{AWS}/kms/pricing/", LATER)
KEY_USES = Price("KMS, requests", 0.03, 10_000, f"{AWS}/kms/pricing/", LATER)
SECRET = Price("Secrets Manager, secrets", 0.40, 1, f"{AWS}/secrets-manager/pricing/", LATER)
SECRET_READS = Price("Secrets Manager, requests", 0.05, 10_000, f"{AWS}/secrets-manager/pricing/", LATER)
BUCKETS = f"{AWS}/s3/pricing/"
SCANS = f"{AWS}/guardduty/pricing/"
OBJECT_WRITES = Price("S3, PUT, POST and LIST requests", 0.005, 1000, BUCKETS, LATER)
OBJECT_READS = Price("S3, GET requests", 0.0004, 1000, BUCKETS, LATER)
OBJECTS = Price("S3 Standard, GB-months", 0.023, 1e9, BUCKETS, LATER)
FILE_TRANSFER = Price("S3, GB to readers", 0.09, 1e9, BUCKETS, LATER)
SCANNED = Price("GuardDuty Malware Protection for S3, GB", 0.09, 1e9, SCANS)
SCANNED_OBJECTS = Price("GuardDuty Malware Protection for S3, objects", 0.215, 1000, SCANS)

ALL = tuple(price for price in list(globals().values()) if isinstance(price, Price))
