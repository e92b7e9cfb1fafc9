package conformance;

import static conformance.Steps.expect;
import static conformance.Steps.must;
import static conformance.Steps.step;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Carts from the first line to the orders, and seats that move into the modern catalogue. */
final class Carts {
    /** Seats of the old catalogue that have a successor in the modern one. */
    private static final String ENTERPRISE = "796B6B5F-613C-4E24-A17C-EBA730D49C02";

    private Carts() {
    }

    static void walk(Sdk user, String customer) {
        String at = "customers/" + customer;
        step("carts: filled, read, filled again, bought; what is wrong stands on its line (rows 58, 59, 60, 61)", () -> {
            Answer made = user.post(at + "/carts", Json.body("""
                    {"lineItems":[{"id":0,"catalogItemId":%s,"quantity":2,"billingCycle":"monthly"}]}""",
                    Selling.SUITE)).expect(201);
            String one = at + "/carts/" + made.at("/id").asText();
            ObjectNode cart = (ObjectNode) user.get(one).expect(200).json();
            cart.withArray("lineItems").addObject().put("id", 1).put("catalogItemId", "nothing:0001:nothing")
                    .put("quantity", 1).put("billingCycle", "monthly");
            Answer wrong = user.put(one, cart);
            must(wrong.at("/lineItems/1/error/errorCode").isIntegralNumber(), wrong);
            cart.withArray("lineItems").remove(1);
            must(user.put(one, cart).status() < 300, one);
            Answer bought = user.post(one + "/checkout", Json.body("%s", "success")).expect(201);
            expect(bought.at("/orders").size(), 1);
            must(bought.at("/orderErrors").isMissingNode(), bought);
        });
        step("seats of the old catalogue: what they could become, moved, and what happened"
                + " (rows 90, 91, 92, 93, 94)", () -> {
            JsonNode body = Json.body("{\"currentSubscriptionId\":%s}", seats(user, at));
            Answer may = user.post(at + "/migrations/newcommerce/validate", body).expect(200);
            expect(may.at("/isEligible").asBoolean(), true);
            Answer moved = user.post(at + "/migrations/newcommerce", body).expect(201);
            String id = moved.at("/id").asText();
            Answer read = user.get(at + "/migrations/newcommerce/" + id).expect(200);
            user.get(at + "/subscriptions/" + read.at("/newCommerceSubscriptionId").asText()).expect(200);
            expect(user.get("migrations/newcommerce?CustomerTenantId=" + customer).expect(200).json().size(), 1);
            must(user.get(at + "/migrations/newcommerce/events?migration_id=" + id).expect(200).json().size() > 0, id);
        });
        step("such a move is put on a day, changed, taken back (rows 95, 96, 97, 98, 99)", () -> {
            String schedules = at + "/migrations/newcommerce/schedules";
            Answer made = user.post(schedules, Json.body("""
                    {"currentSubscriptionId":%s,"migrateOnRenewal":true}""", seats(user, at))).expect(201);
            String one = schedules + "/" + made.at("/id").asText();
            ObjectNode whole = (ObjectNode) user.get(one).expect(200).json();
            whole.put("externalReferenceId", "R-1");
            expect(user.put(one, whole).expect(200).at("/externalReferenceId").asText(), "R-1");
            expect(user.get("migrations/newcommerce/schedules?CustomerTenantId=" + customer).expect(200).json().size(), 1);
            expect(user.send("POST", one + "/cancel", Json.read("null")).expect(200).at("/status").asText(), "Cancelled");
        });
    }

    /** A subscription of two seats, just bought. */
    private static String seats(Sdk user, String at) throws Exception {
        return user.post(at + "/orders", Json.body("""
                {"lineItems":[{"lineItemNumber":0,"offerId":%s,"quantity":2}]}""", ENTERPRISE)).expect(201)
                .at("/lineItems/0/subscriptionId").asText();
    }
}
