package conformance;

import static conformance.Steps.expect;
import static conformance.Steps.must;
import static conformance.Steps.step;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The partner itself: profiles, webhooks, what customers may do by themselves, what goes over to another partner. */
final class Partners {
    private static final String REGISTRATION = "/webhooks/v1/registration";

    private Partners() {
    }

    static void walk(Demo demo, Sdk user, Sdk other, String customer) {
        step("profiles, read and sent back (rows 151, 152, 153, 154, 155, 156, 157, 158, 159)", () -> {
            for (String kind : new String[] {"organization", "legalbusiness", "billing", "support"}) {
                JsonNode profile = user.get("profiles/" + kind).expect(200).json();
                user.put("profiles/" + kind, profile).expect(200);
            }
            expect(user.get("profiles/organization").at("/companyName"), demo.partner().path("name"));
            user.get("profiles/mpn").expect(200);
        });
        step("webhooks: the events there are, registered, read, changed (rows 215, 216, 217, 218)", () -> {
            must(user.get(REGISTRATION + "/events").expect(200).text().contains("\"test-created\""), "no test-created");
            JsonNode body = Json.body("""
                    {"WebhookUrl":"https://hooks.contoso.example/in","WebhookEvents":["subscription-updated"]}""");
            Answer made = user.post(REGISTRATION, body).expect(200);
            ((ObjectNode) body).putArray("WebhookEvents").add("invoice-ready");
            user.put(REGISTRATION, body).expect(200);
            expect(user.get(REGISTRATION).expect(200).json().toString().contains("invoice-ready"), true);
            must(made.status() == 200, made);
        });
        step("what a customer may buy by itself: allowed, read, forbidden again (rows 166, 167, 168, 169, 170)", () -> {
            Answer made = user.post("SelfServePolicy", Json.body("""
                    {"selfServeEntity":{"selfServeEntityType":"customer","tenantID":%s},
                    "grantor":{"grantorType":"billToPartner","tenantID":%s},
                    "permissions":[{"resource":"AzureReservedInstances","action":"Purchase"}]}""",
                    customer, demo.partner().path("tenantId").asText())).expect(201);
            String one = "SelfServePolicy/" + made.at("/id").asText();
            user.put(one, user.get(one).expect(200).json()).expect(200);
            expect(user.get("SelfServePolicy?entity_id=" + customer).expect(200).items().size(), 1);
            user.delete(one).expect(204);
            user.get(one).refused(404, 600039);
        });
        step("a transfer: offered, seen by both partners, taken back (rows 171, 172, 173, 174, 177)", () -> {
            String at = "customers/" + demo.customer().path("tenantId").asText();
            user.get(at + "/transferseligibility?transferType=directtoindirect").expect(200);
            Answer made = user.post(at + "/transfers", Json.body("""
                    {"sourcePartnerTenantId":%s,"targetPartnerTenantId":%s,"transferType":3,
                    "lineItems":[{"id":0,"subscriptionId":%s,"quantity":1}]}""",
                    demo.partner().path("tenantId").asText(), demo.secondPartner().path("tenantId").asText(),
                    demo.customer().at("/subscriptions/1/id").asText())).expect(201);
            String one = at + "/transfers/" + made.at("/id").asText();
            expect(other.get(one).expect(200).at("/id"), made.at("/id"));
            must(user.get(at + "/transfers").expect(200).json().isArray(), one);
            user.delete(one).expect(204);
        });
        step("what is another partner's is not there (rows 3, 66)", () -> {
            other.get("customers/" + customer).refused(404, 60003);
            other.get("customers/" + customer + "/subscriptions").refused(404, 60003);
        });
    }
}
