package conformance;

import static conformance.Steps.expect;
import static conformance.Steps.must;
import static conformance.Steps.step;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Help, incidents, and what was done by whom. */
final class Help {
    private Help() {
    }

    static void walk(Demo demo, Sdk user) {
        String at = "customers/" + demo.customer().path("tenantId").asText();
        step("requests for help: topics, asked, listed by page, read, answered (rows 191, 192, 193, 194, 195)", () -> {
            JsonNode topic = user.get("servicerequests/supporttopics").expect(200).items().get(0);
            Answer made = user.post("servicerequests/en-US", Json.body("""
                    {"title":"A line is missing","description":"There is no storage.","severity":"minimal",
                    "supportTopicId":%s}""", topic.path("id").asText()));
            must(made.status() == 200 || made.status() == 201, made);
            String one = "servicerequests/" + made.at("/id").asText();
            must(user.all("servicerequests?size=1&offset=0").stream()
                    .anyMatch(item -> item.path("id").equals(made.at("/id"))), one);
            ObjectNode whole = (ObjectNode) user.get(one).expect(200).json();
            whole.putObject("newNote").put("text", "And one more.");
            expect(user.patch(one, whole).expect(200).at("/notes").size(), 1);
        });
        step("requests for help of a customer (rows 196, 197)", () -> {
            for (JsonNode request : user.all(at + "/servicerequests?size=10&offset=0")) {
                user.get(at + "/servicerequests/" + request.path("id").asText()).expect(200);
            }
        });
        step("what does not run: everywhere, counted, for a customer (rows 199, 200, 201)", () -> {
            user.get("serviceincidents/office").expect(200);
            must(user.get("serviceincidents/office/count").expect(200).json().isIntegralNumber(), "no number");
            user.get(at + "/serviceincidents/office").expect(200);
        });
        step("what was done: in words of 2020, page by page, of one customer, one (rows 189, 190)", () -> {
            String since = "auditrecords?startDate=2026-03-01&endDate=2026-03-31";
            List<JsonNode> all = user.all(since + "&size=500");
            expect(user.all(since + "&size=7"), all);
            must(all.size() > 7, all.size());
            String id = all.get(0).path("id").asText();
            expect(user.get("/auditactivity/v1/auditrecords/" + id).expect(200).at("/id").asText(), id);
            user.all(since + "&" + Sdk.filter("CustomerId", "Equals", demo.customer().path("tenantId").asText()));
        });
    }
}
