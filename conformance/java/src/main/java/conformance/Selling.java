package conformance;

import static conformance.Steps.expect;
import static conformance.Steps.must;
import static conformance.Steps.step;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.function.Predicate;

/** Agreements, orders, and what becomes of a subscription. */
final class Selling {
    static final String SUITE = "91FD106F-4B2C-4938-95AC-F54F74E9A239";
    private static final String AGREEMENT = "117a77b0-9360-443b-8795-c6dedc750cf9";

    private Selling() {
    }

    static void walk(Demo demo, Sdk user, String customer) throws Exception {
        String at = "customers/" + customer;
        agreements(user, at);
        String[] order = new String[1];
        String[] subscription = new String[1];
        orders(user, at, order, subscription);
        subscriptions(user, at, subscription[0]);
        addOns(user, at, order[0], subscription[0]);
        changes(user, at);
        trials(user, at);
        azure(demo, user, customer);
    }

    private static void agreements(Sdk user, String at) {
        step("agreements: nothing is sold before one; templates, documents, confirmed (rows 161, 162, 163, 164)", () -> {
            user.post(at + "/orders", order(SUITE, 1)).refused(403, 13605);
            expect(user.get("agreements?agreementType=*").expect(200).items().size() > 0, true);
            user.get("agreementtemplates/" + AGREEMENT + "/document?language=en-US&country=US").expect(200);
            user.post(at + "/agreements", Json.body("""
                    {"templateId":%s,"type":"MicrosoftCustomerAgreement","dateAgreed":"2020-01-01T00:00:00Z",
                    "primaryContact":{"firstName":"Front","lastName":"Desk","email":"desk@contoso.test",
                    "phoneNumber":"4255550100"}}""", AGREEMENT)).expect(201);
            expect(user.get(at + "/agreements?agreementType=*").expect(200).items().size(), 1);
        });
    }

    private static JsonNode order(String offer, int quantity) {
        return Json.body("""
                {"billingCycle":"unknown","lineItems":[{"lineItemNumber":0,"offerId":%s,"friendlyName":"Suite",
                "quantity":%s}],"attributes":{"objectType":"Order"}}""", offer, quantity);
    }

    /** Buys what is wanted of the catalogue; the path of the subscription. */
    private static String bought(Sdk user, String at, Predicate<JsonNode> wanted) throws Exception {
        JsonNode offer = user.all("offers?country=US&size=100&offset=0").stream().filter(wanted).findFirst().orElseThrow();
        JsonNode body = order(offer.path("id").asText(), offer.path("minimumQuantity").asInt());
        Answer placed = user.post(at + "/orders", body).expect(201);
        return at + "/subscriptions/" + placed.at("/lineItems/0/subscriptionId").asText();
    }

    private static void orders(Sdk user, String at, String[] order, String[] subscription) {
        step("orders: one whose answer was lost is placed once; read, listed, provisioned (rows 48, 49, 50, 52)", () -> {
            Answer placed = user.lostAndRepeated("POST", at + "/orders", order(SUITE, 3)).expect(201);
            order[0] = placed.at("/id").asText();
            subscription[0] = placed.at("/lineItems/0/subscriptionId").asText();
            expect(user.get(at + "/orders?include_price=false").expect(200).items().size(), 1);
            expect(user.get(at + "/orders/" + order[0] + "?include_price=true").expect(200)
                    .at("/lineItems/0/quantity").asInt(), 3);
            expect(user.get(at + "/orders/" + order[0] + "/provisioningstatus").expect(200)
                    .at("/items/0/status").asText(), "Fulfilled");
        });
    }

    private static void subscriptions(Sdk user, String at, String subscription) {
        step("subscriptions: listed, of an order, of a partner of record; the whole object goes back"
                + " (rows 63, 65, 66, 67)", () -> {
            expect(user.get(at + "/subscriptions").expect(200).items().size(), 1);
            expect(user.get(at + "/subscriptions?mpn_id=4847383").expect(200).items().size(), 0);
            String one = at + "/subscriptions/" + subscription;
            ObjectNode whole = (ObjectNode) user.get(one).expect(200).json();
            whole.put("quantity", 5);
            whole = (ObjectNode) user.patch(one, whole).expect(200).json();
            whole.put("friendlyName", "Renamed");
            whole = (ObjectNode) user.patch(one, whole).expect(200).json();
            expect(user.get(one).at("/quantity").asInt() + user.get(one).at("/friendlyName").asText(), "5Renamed");
            whole.put("status", "suspended");
            whole = (ObjectNode) user.patch(one, whole).expect(200).json();
            expect(whole.path("status").asText(), "suspended");
            whole.put("status", "active");
            user.patch(one, whole).expect(200);
            expect(user.get(one + "/provisioningstatus").expect(200).at("/status").asText(), "success");
        });
    }

    private static void addOns(Sdk user, String at, String order, String subscription) {
        step("add-ons: bought by a change of the order, listed below what they add to (rows 51, 64, 68)", () -> {
            JsonNode addOn = user.get("offers/" + SUITE + "/addons?country=US").expect(200).items().get(0);
            Answer changed = user.patch(at + "/orders/" + order, Json.body("""
                    {"lineItems":[{"lineItemNumber":0,"offerId":%s,"parentSubscriptionId":%s,"quantity":2}]}""",
                    addOn.path("id").asText(), subscription)).expect(200);
            expect(changed.at("/lineItems").size(), 2);
            expect(user.get(at + "/subscriptions/" + subscription + "/addons").expect(200).items().size(), 1);
            expect(user.get(at + "/subscriptions?order_id=" + order).expect(200).items().size(), 2);
        });
    }

    private static void changes(Sdk user, String at) {
        step("what a subscription could become, and an upgrade (rows 69, 70, 71)", () -> {
            String one = bought(user, at, offer -> offer.path("upgradeTargetOffers").size() > 0);
            user.get(one + "/conversions").expect(200);
            for (JsonNode upgrade : user.get(one + "/upgrades").expect(200).items()) {
                if (upgrade.path("isEligible").asBoolean()) {
                    Answer done = user.post(one + "/upgrades", upgrade).expect(200);
                    must(!done.at("/targetSubscriptionId").asText().isEmpty(), done);
                    expect(done.at("/upgradeErrors").size(), 0);
                    return;
                }
            }
            throw new AssertionError("nothing to upgrade to from " + one);
        });
    }

    private static void trials(Sdk user, String at) {
        step("a trial turns into what is paid for (row 72)", () -> {
            String one = bought(user, at, offer ->
                    offer.path("isTrial").asBoolean() && offer.path("conversionTargetOffers").size() > 0);
            JsonNode conversion = user.get(one + "/conversions").expect(200).items().get(0);
            Answer done = user.post(one + "/conversions", conversion).expect(200);
            expect(done.at("/targetOfferId"), conversion.path("targetOfferId"));
            expect(user.get(one).expect(200).at("/isTrial").asBoolean(), false);
        });
    }

    private static void azure(Demo demo, Sdk user, String customer) {
        String at = "customers/" + customer;
        step("metered subscriptions: registered by a call with an empty answer; who helps with one (rows 77, 78, 81)", () -> {
            String one = "customers/" + demo.customer().path("tenantId").asText() + "/subscriptions/"
                    + demo.customer().at("/subscriptions/0/id").asText();
            Answer asked = user.post(one + "/registrations", Json.body("%s", "success")).expect(202);
            String status = asked.header("Location");
            must(status.startsWith("/customers/") && status.endsWith("/registrationstatus"), status);
            user.get(status).expect(200);
            user.get(one + "/supportcontact").expect(200);
        });
        step("metered subscriptions move under an Azure plan, which names them (rows 83, 84, 121, 122, 123)", () -> {
            String metered = bought(user, at, offer -> offer.path("billing").asText().equals("usage"));
            JsonNode body = Json.body("{\"customerId\":%s,\"productFamily\":\"azure\"}", customer);
            expect(user.post("productUpgrades/eligibility", body).expect(200).at("/isEligible").asBoolean(), true);
            String place = user.post("productUpgrades", body).expect(202).header("Location");
            must(place.startsWith("productUpgrades/"), place);
            expect(user.post(place + "/status", body).expect(200).at("/status").asText(), "Completed");
            for (JsonNode one : user.get(at + "/subscriptions").expect(200).items()) {
                String entitlements = at + "/subscriptions/" + one.path("id").asText() + "/azureEntitlements";
                Answer found = user.get(entitlements);
                if (found.status() == 200 && found.items().size() == 1) {
                    String id = found.at("/items/0/id").asText();
                    must(metered.toLowerCase().endsWith(id.toLowerCase()), id);
                    user.get(entitlements + "/" + id).expect(200);
                    return;
                }
            }
            throw new AssertionError("no plan names " + metered);
        });
    }
}
