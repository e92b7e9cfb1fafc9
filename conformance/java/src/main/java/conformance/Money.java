package conformance;

import static conformance.Steps.expect;
import static conformance.Steps.must;
import static conformance.Steps.step;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.List;

/** What was used and what it costs, compared to the last digit: records to summaries, lines to invoices. */
final class Money {
    private Money() {
    }

    static void walk(Demo demo, Sdk user) {
        String customer = demo.customer().path("tenantId").asText();
        String at = "customers/" + customer;
        String subscription = at + "/subscriptions/" + demo.customer().at("/subscriptions/0/id").asText();
        usage(user, customer, at, subscription);
        utilization(user, subscription);
        invoices(demo, user);
        lines(demo, user);
        step("costs of a customer: the last invoice, line by line (rows 139, 140)", () -> {
            Answer costs = user.get(at + "/servicecosts/mostrecent").expect(200);
            List<JsonNode> lines = user.all(at + "/servicecosts/MostRecent/lineitems");
            expect(sum(lines, "afterTaxTotal"), plain(costs.at("/afterTaxTotal")));
        });
        step("a budget is set, read and taken away (rows 137, 138)", () -> {
            user.patch(at + "/usagebudget", Json.body("{\"amount\":750}")).expect(200);
            expect(user.get(at + "/usagebudget").expect(200).at("/amount").asInt(), 750);
            user.patch(at + "/usagebudget", Json.body("{\"amount\":null}")).expect(200);
        });
    }

    private static void usage(Sdk user, String customer, String at, String subscription) {
        step("usage: customers sum to the partner, subscriptions to the customer (rows 128, 129, 130, 131)", () -> {
            List<JsonNode> customers = user.all("customers/usagerecords");
            expect(sum(customers, "totalCost"), plain(user.get("usagesummary").expect(200).at("/totalCost")));
            BigDecimal whole = plain(user.get(at + "/usagesummary").expect(200).at("/totalCost"));
            JsonNode ours = customers.stream().filter(one -> one.path("id").asText().equals(customer)).findAny().orElseThrow();
            expect(plain(ours.path("totalCost")), whole);
            expect(sum(user.all(at + "/subscriptions/usagerecords"), "totalCost"), whole);
            must(whole.signum() > 0, whole);
        });
        step("usage of a subscription: by kind of resource, by day, by meter (rows 132, 133, 134, 136)", () -> {
            BigDecimal whole = plain(user.get(subscription + "/usagesummary").expect(200).at("/totalCost"));
            for (String kind : List.of("usagerecords/resources", "usagerecords/daily", "meterusagerecords")) {
                expect(sum(user.all(subscription + "/" + kind), "totalCost"), whole);
            }
        });
    }

    private static void utilization(Sdk user, String subscription) {
        step("what was metered: page by page the same as at once, by day and by hour (rows 126, 127)", () -> {
            for (String granularity : List.of("daily", "hourly")) {
                // Times as the SDK sends them, unescaped.
                String path = subscription + "/utilizations/azure?start_time=2026-03-01T00:00:00Z"
                        + "&end_time=2026-03-05T00:00:00Z&granularity=" + granularity + "&show_details=true&size=";
                List<JsonNode> whole = user.all(path + 1000);
                expect(user.all(path + 7), whole);
                must(whole.size() > 7, whole.size());
            }
            user.get(subscription + "/utilizations/azure?start_time=yesterday&end_time=2026-03-05T00:00:00Z").expect(400);
        });
    }

    private static void invoices(Demo demo, Sdk user) {
        step("invoices: listed, one, by the id of its details, summaries, as PDF (rows 141, 142, 143, 145, 146)", () -> {
            List<JsonNode> all = user.all("invoices?size=1&offset=0");
            expect(all.size(), demo.all().at("/invoices").size());
            for (JsonNode told : demo.all().at("/invoices")) {
                String id = told.path("id").asText();
                expect(plain(user.get("invoices/" + id).expect(200).at("/totalCharges")), plain(told.path("total")));
                user.get("invoices/Recurring-" + id).expect(200);
                Answer pdf = user.get("invoices/" + id + "/documents/statement", "X-Accept", "application/pdf").expect(200);
                must(pdf.text().startsWith("%PDF-"), pdf.header("Content-Type"));
            }
            must(!user.get("invoices/summary").expect(200).at("/currencyCode").asText().isEmpty(), "no currency");
            expect(user.get("invoices/summaries").expect(200).items().size(), 1);
            user.get("invoices/D000000000").expect(404);
        });
    }

    private static void lines(Demo demo, Sdk user) {
        step("lines of an invoice: each detail's link is followed, and all of them sum to it (rows 148, 149)", () -> {
            String id = demo.all().at("/invoices/0/id").asText();
            Answer invoice = user.get("invoices/" + id).expect(200);
            BigDecimal whole = BigDecimal.ZERO;
            for (JsonNode detail : invoice.at("/invoiceDetails")) {
                boolean used = detail.path("invoiceLineItemType").asText().equals("usage_line_items");
                List<JsonNode> lines = user.all(detail.at("/links/self/uri").asText());
                must(!lines.isEmpty(), detail);
                if (!used) { // lines of usage say by day what lines of billing say by month
                    whole = whole.add(totals(lines));
                }
            }
            expect(whole.stripTrailingZeros(), plain(invoice.at("/totalCharges")));
            user.all("invoices/" + id + "/lineitems?provider=Azure&invoicelineitemtype=billinglineitems&size=100");
        });
        step("what no invoice shows yet, by the links of the estimates (rows 147, 150)", () -> {
            JsonNode links = user.get("invoices/estimates/links?currencyCode=USD").expect(200).items();
            must(links.size() > 0, links);
            for (JsonNode link : links) {
                user.all(link.at("/link/uri").asText());
            }
            must(!user.all("invoices/unbilled/lineitems?provider=azure&invoicelineitemtype=billinglineitems"
                    + "&currencycode=usd&period=current&size=500").isEmpty(), "nothing is unbilled");
        });
    }

    /** Of lines of either class: what the partner pays. */
    private static BigDecimal totals(List<JsonNode> lines) {
        return lines.stream()
                .map(line -> plain(line.has("postTaxTotal") ? line.path("postTaxTotal") : line.path("totalForCustomer")))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static BigDecimal sum(List<JsonNode> items, String member) {
        BigDecimal sum = items.stream().map(item -> item.path(member).decimalValue()).reduce(BigDecimal.ZERO, BigDecimal::add);
        return sum.stripTrailingZeros();
    }

    private static BigDecimal plain(JsonNode figure) {
        BigDecimal read = figure.isTextual() ? new BigDecimal(figure.asText()) : figure.decimalValue();
        return read.stripTrailingZeros();
    }
}
