package conformance;

import static conformance.Steps.expect;
import static conformance.Steps.must;
import static conformance.Steps.step;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.UUID;

/** The people of a customer: made, changed, given roles and licences, deleted and taken back. */
final class People {
    private static final String HELPDESK = "729827e3-9c14-49f7-bb1b-9608f156bbb8";

    private People() {
    }

    static void walk(Demo demo, Sdk user) {
        String customer = demo.customer().path("tenantId").asText();
        String at = "customers/" + customer;
        String domain = demo.customer().path("domain").asText();
        String[] made = new String[1];

        step("users: made with the members' names of the SDK, read, changed, listed by page (rows 34, 35, 36, 37)", () -> {
            // A trailing slash, and the password in PascalCase: so the SDK writes it.
            Answer created = user.post(at + "/users/", Json.body("""
                    {"usageLocation":"US","userPrincipalName":%s,"firstName":"Front","lastName":"Desk",
                    "displayName":"Clerk","passwordProfile":{"ForceChangePassword":true,"Password":"Quite-1-long-word"},
                    "attributes":{"objectType":"CustomerUser"}}""",
                    "clerk-" + UUID.randomUUID().toString().substring(0, 8) + "@" + domain)).expect(201);
            made[0] = created.at("/id").asText();
            expect(created.at("/passwordProfile/forceChangePassword").asBoolean(), true);
            ObjectNode clerk = (ObjectNode) user.get(at + "/users/" + made[0]).expect(200).json();
            must(!clerk.has("passwordProfile"), clerk);
            clerk.put("displayName", "First clerk");
            expect(user.patch(at + "/users/" + made[0], clerk).expect(200).at("/displayName").asText(), "First clerk");
            must(user.all(at + "/users?size=1").stream().anyMatch(item -> item.path("id").asText().equals(made[0])), made);
        });

        step("a password is set anew by its own path (row 38)", () -> {
            Answer reset = user.patch(at + "/users/" + made[0] + "/resetpassword", Json.body("""
                    {"passwordProfile":{"Password":"Quite-2-long-words","ForceChangePassword":false}}"""));
            must(reset.status() == 200 || reset.status() == 204, reset);
        });

        step("roles of the customer: given, held, taken away (rows 40, 41, 42, 43, 44)", () -> {
            must(user.get(at + "/directoryroles").expect(200).text().contains(HELPDESK), HELPDESK);
            String members = at + "/directoryroles/" + HELPDESK + "/usermembers";
            user.post(members, Json.body("""
                    {"Id":%s,"DisplayName":"First clerk","UserPrincipalName":"clerk"}""", made[0])).expect(201);
            must(has(user.all(members), made[0]), made[0]);
            expect(user.get(at + "/users/" + made[0] + "/directoryroles").expect(200).items().size(), 1);
            user.delete(members + "/" + made[0]).expect(204);
            must(!has(user.all(members), made[0]), made[0]);
        });

        step("licences: counted, given, all in use, taken away (rows 45, 46, 47)", () -> {
            JsonNode sku = available(user, at);
            int before = sku.path("availableUnits").asInt();
            String id = sku.at("/productSku/id").asText();
            String updates = at + "/users/" + made[0] + "/licenseupdates";
            user.post(updates, Json.body("{\"LicensesToAssign\":[{\"SkuId\":%s}]}", id)).expect(201);
            expect(user.get(at + "/users/" + made[0] + "/licenses").expect(200).at("/items/0/productSku/id").asText(), id);
            expect(available(user, at).path("availableUnits").asInt(), before - 1);
            user.post(updates, Json.body("{\"LicensesToRemove\":[%s]}", id)).expect(201);
            expect(available(user, at).path("availableUnits").asInt(), before);
        });

        step("users: deleted, found among the deleted, taken back (row 39)", () -> {
            user.delete(at + "/users/" + made[0]).expect(204);
            expect(user.get(at + "/users/" + made[0]).expect(200).at("/state").asText(), "inactive");
            String gone = at + "/users?size=500&" + Sdk.filter("UserState", "Equals", "Inactive");
            must(has(user.all(gone), made[0]), made[0]);
            user.patch(at + "/users/" + made[0], Json.body("{\"state\":\"active\"}")).expect(200);
            user.get(at + "/users/" + made[0]).expect(200);
        });

        step("roles of the partner and who holds them (row 160)", () -> {
            JsonNode role = user.get("roles").expect(200).items().get(0);
            user.get("roles/" + role.path("id").asText() + "/usermembers").expect(200);
        });
    }

    private static JsonNode available(Sdk user, String at) throws Exception {
        for (JsonNode sku : user.get(at + "/subscribedskus").expect(200).items()) {
            if (sku.path("availableUnits").asInt() > 0) {
                return sku;
            }
        }
        throw new AssertionError("no seat is free");
    }

    private static boolean has(Iterable<JsonNode> items, String id) {
        for (JsonNode item : items) {
            if (item.path("id").asText().equals(id)) {
                return true;
            }
        }
        return false;
    }
}
