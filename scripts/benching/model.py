"""What is assumed where nothing can be counted: what people do about a visit, how large a clinic is, how long AWS lets one wait."""

from __future__ import annotations

# Requests for one visit that is booked. Beside whoever books, two people look at times and go; each looks at two weeks.
# Whoever books looks at two weeks and is asked once more at the end; one in ten asks for a second code; three in ten are new.
ASKED = {
    "findSlots": 7.0,
    "getSession": 3.0,
    "startSignIn": 1.1,
    "verifySignIn": 1.0,
    "registerPatient": 0.3,
    "bookAppointment": 1.0,
    "listMyAppointments": 1.0,
    "getAppointment": 1.0,
    "cancelAppointment": 0.1,
    "getMyAccessLog": 0.02,
    # The desk looks the patient up once; a few are held by hand, and a manager looks in now and then.
    "getStaffSession": 2.0,
    "listPatients": 1.0,
    "getPatient": 1.0,
    "addPatient": 0.1,
    "listStaff": 0.02,
    "listAuditEvents": 0.02,
    # Two sides of a card, and of ten visits two need one more picture; each is asked after three times while it is looked at.
    "requestUpload": 2.2,
    "finishUpload": 2.2,
    "getDocument": 6.6,
    "listDocuments": 3.0,
    "openDocument": 2.2,
    "acceptDocument": 2.2,
    "listCompleteness": 0.2,
}
FILES = ASKED["requestUpload"]
# A code, a confirmation, now and then a cancellation; and one reminder, which is not built yet, as one mail more.
MAILS = 1.1 + 1.0 + 0.1 + 1.0
FIRST_LOADS = 3.0  # three browsers that have never been here
LATER_LOADS = 14.0  # further pages: two of each that only look, seven of the one who books, three of the desk
RENEWALS = 2.0  # of a session's idle time, a transaction of one item each

VISITS_A_MONTH = 600  # of a clinic: three practitioners, ten visits each on twenty days
POOL = 100  # clinics that share one deployment

MINUTES = 730 * 60  # of a month, as AWS reckons
FILES_SWEPT = MINUTES / 5  # how often it is asked which files are overdue
MEMORY = {"sendPosted": 512, "sweepDue": 512, "inspect": 1769}  # MB; all others have the API's
API_MEMORY = 1024
WHOLE = 1769  # MB at which a function has one processor to itself (AWS Lambda Developer Guide)
# Milliseconds that a call keeps a function waiting, its own CPU aside: usual figures, measured by nobody here.
WAITS = {"TransactWriteItems": 10.0, "SendRawEmail": 60.0}
WAIT = 4.0
COLD = 0.01  # of all invocations begin a new container (AWS: in most accounts fewer)
LOGGED = 1000  # bytes in the log for an invocation: Lambda's own three lines and our line of metrics
BUSY = 3  # containers that are always there: they read their secrets, and the tables their key, every five minutes
SECRET_READS = 5  # of all three together: two versions for the API's edge, and the signing keys of each
FIVE_MINUTES = MINUTES / 5
