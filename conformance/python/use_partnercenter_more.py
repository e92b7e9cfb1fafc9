"""partnercenterservices: after the sale, budgets, help, devices, and the partner's own profiles."""

from demo import customer
from partnercenter import ask, call, model
from steps import expect, step

CUSTOMER = customer["tenantId"]
OF = {"customer_id": CUSTOMER}
USAGE = "MS-AZR-0145P"
BELOW = "/customers/{customer_id}"

subscriptions = ask("GET", BELOW + "/subscriptions", **OF).items
seats = {"subscription_id": next(item.id for item in subscriptions if item.offer_id != USAGE), **OF}
azure = {"subscription_id": next(item.id for item in subscriptions if item.offer_id == USAGE), **OF}
AT = BELOW + "/subscriptions/{subscription_id}"

with step("subscriptions: provisioned, add-ons, what they could become (rows 68, 69, 71, 76)"):
    expect(ask("GET", AT + "/provisioningstatus", **seats).status, "success")
    for word in ["addons", "upgrades", "conversions"]:
        expect(call("GET", f"{AT}/{word}", **seats).response.status_code, 200)

with step("subscriptions: registered, and who helps with one (rows 77, 78, 81)"):
    registered = call("POST", AT + "/registrations", **azure).response
    expect((registered.status_code, registered.text), (202, ""))
    assert registered.headers["Location"].endswith("/registrationstatus"), registered.headers
    ask("GET", AT + "/registrationstatus", **azure)
    ask("GET", AT + "/supportcontact", **azure)

with step("a customer's usage budget: set, read, removed (rows 137, 138)"):
    expect(ask("PATCH", BELOW + "/usagebudget", amount=750, **OF).amount, 750)
    expect(ask("GET", BELOW + "/usagebudget", **OF).amount, 750)
    ask("PATCH", BELOW + "/usagebudget", amount=None, **OF)

with step("requests for help: topics, asked, listed, read, a note added (rows 191, 192, 193, 194, 195, 196)"):
    topic = ask("GET", "/servicerequests/supporttopics").items[0]
    new = model("ServiceRequest", title="A line is missing",
                description="There is no storage.", severity="minimal", support_topic_id=topic.id)
    made = call("POST", "/servicerequests/{agent_locale}", agent_locale="en-US", service_request=new).response
    assert made.status_code in (200, 201), made.text
    number = made.json()["id"]
    assert number in [item.id for item in ask("GET", "/servicerequests").items]
    read = ask("GET", "/servicerequests/{service_request_id}", service_request_id=number)
    expect(read.title, "A line is missing")
    read.new_note = model("ServiceRequestNote", text="And one more.")
    ask("PATCH", "/servicerequests/{service_request_id}", service_request_id=number, service_request=read)
    ask("GET", BELOW + "/servicerequests", **OF)

with step("what does not run, at all and for a customer (rows 199, 201)"):
    ask("GET", "/serviceincidents/office")
    ask("GET", BELOW + "/serviceincidents/office", **OF)

# The client takes the lists of policies, batches and devices for bare arrays, which they are not.
with step("devices: a policy made, read, changed, removed (rows 203, 204, 205, 206)"):
    policy = model("DeviceDeploymentConfigurationPolicy", name="Front desk", category="o_o_b_e")
    made = call("POST", BELOW + "/policies", policy=policy, **OF).response
    assert made.status_code in (200, 201), made.text
    one = {"policy_id": made.json()["id"], **OF}
    kept = ask("GET", BELOW + "/policies/{policy_id}", **one)
    kept.description = "At the door"
    ask("PUT", BELOW + "/policies/{policy_id}", policy=kept, **one)
    expect(call("DELETE", BELOW + "/policies/{policy_id}", **one).response.status_code, 204)

with step("devices: a batch brought in, and what became of it (rows 208, 214)"):
    device = model("DeviceDeploymentDevice", product_key="AAAAA-BBBBB")
    brought = call("POST", BELOW + "/deviceBatches", batch_id="Spring", devices=[device], **OF).response
    expect(brought.status_code, 202)
    tracking = brought.headers["Location"].rsplit("/", 1)[1]
    ask("GET", BELOW + "/batchJobStatus/{batchUploadTracking_id}", batch_upload_tracking_id=tracking, **OF)

with step("profiles of the partner: support, legal business, partner number, changed (rows 153, 157, 158, 159)"):
    support = ask("GET", "/profiles/support")
    ask("PUT", "/profiles/support", support_profile=support)
    assert ask("GET", "/profiles/legalbusiness").company_name
    ask("GET", "/profiles/mpn")
