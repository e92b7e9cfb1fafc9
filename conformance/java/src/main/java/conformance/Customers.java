package conformance;

import static conformance.Steps.expect;
import static conformance.Steps.must;
import static conformance.Steps.step;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;

/** Customers: made once however often asked, listed page by page, their profiles, what they are qualified for. */
final class Customers {
    private static final String NOBODY = "00000000-0000-4000-8000-000000000000";

    private Customers() {
    }

    /** The tenant id of a new customer that has agreed to be sold to. */
    static String walk(Demo demo, Sdk app, Sdk user) throws Exception {
        String suffix = demo.customer().path("domain").asText().split("\\.", 2)[1];
        String domain = "contoso-" + UUID.randomUUID().toString().substring(0, 8) + "." + suffix;
        String made = create(app, domain);
        lists(demo, app, made);
        profiles(app, user, made);
        checks(app, demo.customer().path("domain").asText(), suffix);
        qualifications(user, made);
        relationships(demo.partner(), user, made);
        ending(app, user, suffix);
        return made;
    }

    private static JsonNode newCustomer(String domain) {
        return Json.body("""
                {"companyProfile":{"domain":%s},"billingProfile":{"culture":"en-US","language":"en",
                "email":"desk@contoso.test","companyName":"Contoso","defaultAddress":{"country":"US","city":"Redmond",
                "state":"WA","addressLine1":"1 Harbour Rd","postalCode":"98052","firstName":"Front","lastName":"Desk",
                "phoneNumber":"4255550100"}}}""", domain);
    }

    private static String create(Sdk app, String domain) throws Exception {
        String[] made = new String[1];
        step("a customer whose answer was lost is asked for again and made once (row 2)", () -> {
            Answer answer = app.lostAndRepeated("POST", "customers", newCustomer(domain)).expect(201);
            made[0] = answer.at("/id").asText();
            must(!answer.at("/userCredentials/password").asText().isEmpty(), answer);
            app.post("customers", newCustomer(domain)).refused(400, 3000);
        });
        return made[0];
    }

    private static void lists(Demo demo, Sdk app, String made) {
        step("customers: page by page, each once; by the beginning of a name; one; none (rows 1, 3)", () -> {
            List<String> all = ids(app.get("customers?size=0").expect(200).items());
            List<String> paged = app.all("customers?size=2").stream().map(item -> item.path("id").asText()).toList();
            expect(paged, all);
            must(all.contains(made) && all.stream().distinct().count() == all.size(), all);
            String start = demo.customer().path("name").asText().substring(0, 5);
            List<JsonNode> found = app.all("customers?size=1&" + Sdk.filter("CompanyName", "StartsWith", start));
            expect(found.get(0).path("id"), demo.customer().path("tenantId"));
            expect(app.get("customers/" + made.toUpperCase()).expect(200).at("/id").asText(), made);
            app.get("customers/" + NOBODY).refused(404, 60003);
        });
    }

    private static List<String> ids(JsonNode items) {
        return StreamSupport.stream(items.spliterator(), false).map(item -> item.path("id").asText()).toList();
    }

    private static void profiles(Sdk app, Sdk user, String made) {
        step("profiles: company, billing changed with its ETag, refused with an old one (rows 6, 7, 8)", () -> {
            expect(user.get("customers/" + made + "/profiles/company").expect(200).at("/companyName").asText(), "Contoso");
            String path = "customers/" + made + "/profiles/billing";
            ObjectNode billing = (ObjectNode) app.get(path).expect(200).json();
            String etag = billing.at("/attributes/etag").asText();
            billing.put("companyName", "Contoso Ltd");
            expect(app.put(path, billing).expect(200).at("/companyName").asText(), "Contoso Ltd");
            must(!app.get(path).at("/attributes/etag").asText().equals(etag), etag);
            app.put(path, billing).expect(400);
        });
    }

    private static void checks(Sdk app, String taken, String suffix) {
        step("domains, addresses, countries (rows 21, 22, 23, 24)", () -> {
            app.send("HEAD", "domains/" + taken, null).expect(200);
            app.send("HEAD", "domains/nobody-has-this." + suffix, null).expect(404);
            expect(app.get("validations/checkdomainavailability/nobody-has-this").expect(200).text(), "true");
            JsonNode address = Json.body("""
                    {"country":"US","city":"Redmond","state":"WA","addressLine1":"1 Harbour Rd","postalCode":"98052"}""");
            expect(app.post("validations/address", address).expect(200).text(), "true"); // a word, to this client
            ((ObjectNode) address).put("state", "ZZ");
            app.post("validations/address", address).expect(400);
            expect(app.get("countryvalidationrules/US").expect(200).at("/isStateRequired").asBoolean(), true);
        });
    }

    private static void qualifications(Sdk user, String made) {
        step("qualifications: the word of 2020 and the list of today; codes of public authorities (rows 9, 11, 13)", () -> {
            expect(user.get("customers/" + made + "/qualification").expect(200).text(), "\"none\"");
            must(user.get("customers/" + made + "/qualifications").expect(200).json().isArray(), made);
            must(user.get("customers/all/validations").expect(200).json().isArray(), made);
        });
        step("a qualification is given as a word and read back (row 10)", () -> {
            JsonNode word = Json.body("%s", "education");
            expect(user.put("customers/" + made + "/qualification", word).expect(200).text(), "\"education\"");
            expect(user.get("customers/" + made + "/qualification").expect(200).text(), "\"education\"");
        });
    }

    private static void relationships(JsonNode party, Sdk user, String made) {
        String partner = party.path("tenantId").asText();
        step("standing: of the account, of agreements, managed services (rows 15, 19, 25, 26)", () -> {
            must(user.get("customers/" + made + "/validationStatus?type=Account").expect(200).json().has("status"), made);
            user.get("customers/" + made + "/managedservices").expect(200);
            user.get("compliance/csp/agreementstatus?tenantId=" + partner).expect(200);
            user.get("customers/" + made + "/directSignedMicrosoftCustomerAgreementStatus").expect(200);
        });
        step("an application is let into the customer's tenant and put out again (rows 27, 28)", () -> {
            String consents = "customers/" + made + "/applicationconsents";
            String id = party.at("/webApp/appId").asText();
            user.post(consents, Json.body("""
                    {"displayName":"Web app","applicationId":%s,"applicationGrants":[
                    {"enterpriseApplicationId":"00000003-0000-0000-c000-000000000000","scope":"User.Read"}]}""",
                    id)).expect(201);
            user.delete(consents + "/" + id).expect(204);
        });
        step("relationships: an invitation; resellers, also when the kind is forgotten (rows 16, 17, 18)", () -> {
            must(user.get("customers/relationshiprequests").expect(200).at("/url").asText().startsWith("https://"), made);
            user.get("relationships?relationship_type=IsIndirectCloudSolutionProviderOf").expect(200);
            user.get("relationships?" + Sdk.filter("name", "StartsWith", "A")).expect(200);
            user.get("customers/" + made + "/relationships").expect(200);
        });
    }

    private static void ending(Sdk app, Sdk user, String suffix) {
        step("customers end: the relationship is taken back, a sandbox customer deleted (rows 4, 5)", () -> {
            String left = app.post("customers", newCustomer("adventure-" + shortId() + "." + suffix)).expect(201)
                    .at("/id").asText();
            Answer ended = user.patch("customers/" + left, Json.body("""
                    {"relationshipToPartner":"none","attributes":{"objectType":"Customer"}}""")).expect(200);
            expect(ended.at("/relationshipToPartner").asText(), "none");
            app.get("customers/" + left).refused(404, 60003);
            String deleted = app.post("customers", newCustomer("tailspin-" + shortId() + "." + suffix)).expect(201)
                    .at("/id").asText();
            app.delete("customers/" + deleted).expect(204);
            app.get("customers/" + deleted).refused(404, 60003);
        });
    }

    private static String shortId() {
        return UUID.randomUUID().toString().substring(0, 8);
    }
}
