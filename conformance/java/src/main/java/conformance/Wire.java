package conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What every answer must keep so that the readers of the SDK do not throw (partner-center-v1.md 6.1): links that its URI
 * parser takes, only words that its enumerations know, no member that is null, dates it can read, faults that are faults.
 */
final class Wire {
    private static final Set<String> CYCLES = Set.of("unknown", "monthly", "annual", "none", "one_time");
    private static final Set<String> PROVIDERS = Set.of("none", "office", "azure", "one_time", "marketplace", "all");
    private static final Set<String> LINES = Set.of("none", "usage_line_items", "billing_line_items");

    /** Enumerations as the SDK of 2020 knows them: kind of resource and member, and its words (chapter 3). */
    private static final Map<String, Set<String>> WORDS = Map.ofEntries(
            Map.entry("Customer.relationshipToPartner",
                    Set.of("unknown", "reseller", "advisor", "syndication", "microsoftSupport", "none")),
            Map.entry("CustomerUser.state", Set.of("active", "inactive")),
            Map.entry("CustomerUser.userDomainType", Set.of("none", "managed", "federated")),
            Map.entry("Order.billingCycle", CYCLES),
            Map.entry("Order.status", Set.of("unknown", "completed", "pending", "cancelled")),
            Map.entry("Subscription.status", Set.of("none", "active", "suspended", "deleted")),
            Map.entry("Subscription.billingType", Set.of("none", "usage", "license")),
            Map.entry("Subscription.billingCycle", CYCLES),
            Map.entry("Subscription.contractType", Set.of("subscription", "productkey", "redemptioncode")),
            Map.entry("Offer.billing", Set.of("none", "usage", "license")),
            Map.entry("Invoice.documentType", Set.of("none", "invoice", "void_note", "adjustment_note")),
            Map.entry("InvoiceDetail.billingProvider", PROVIDERS),
            Map.entry("InvoiceDetail.invoiceLineItemType", LINES),
            Map.entry("PartnerRelationship.relationshipType",
                    Set.of("none", "is_indirect_reseller_of", "is_indirect_cloud_solution_provider_of")),
            Map.entry("ServiceRequest.severity", Set.of("unknown", "critical", "moderate", "minimal")),
            Map.entry("ServiceRequest.status", Set.of("none", "open", "closed", "attention_needed")),
            Map.entry("SubscriptionProvisioningStatus.status", Set.of("none", "success", "pending", "failed")),
            Map.entry("ConfigurationPolicy.category", Set.of("none", "o_o_b_e")),
            Map.entry("AuditRecord.operationStatus", Set.of("succeeded", "failed", "progress", "decline")));

    /** Pairs that the SDK has a class of line for (3.12). */
    private static final Set<String> CLASSES_OF_LINES = Set.of(
            "azure billing_line_items", "office billing_line_items", "one_time billing_line_items",
            "all billing_line_items", "azure usage_line_items", "marketplace usage_line_items");

    private static final Pattern DATE = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT.*");
    private static final int LONGEST_DESCRIPTION = 1024;

    private Wire() {
    }

    static void check(Answer answer, String requestId, String correlationId) {
        try {
            Steps.expect(answer.header("MS-RequestId"), requestId);
            Steps.expect(answer.header("MS-CorrelationId"), correlationId);
            byte[] body = answer.response().body();
            if (answer.status() == 202 || answer.status() == 204) {
                Steps.expect(body.length, 0); // read for its Location: a body would be parsed into a wrong type
                return;
            }
            if (body.length == 0 || answer.header("Content-Type").startsWith("application/pdf")) {
                return;
            }
            Steps.must(answer.header("Content-Type").startsWith("application/json"), answer.header("Content-Type"));
            if (answer.status() >= 400) {
                fault(answer.json());
            } else {
                value("", answer.json());
            }
        } catch (AssertionError error) {
            throw new AssertionError(error.getMessage() + " in " + answer, error);
        }
    }

    private static void fault(JsonNode fault) {
        Steps.must(fault.path("code").asInt() > 0, fault);
        String said = fault.path("description").asText();
        Steps.must(!said.isBlank() && said.length() <= LONGEST_DESCRIPTION, fault);
        Steps.must(fault.path("data").isArray() && fault.path("source").isTextual(), fault);
    }

    private static void value(String at, JsonNode value) {
        // A device without a policy says so with a null; nothing else does.
        Steps.must(!value.isNull() || at.endsWith(".policies[].value"), at + " is null");
        if (value.isTextual() && DATE.matcher(value.asText()).matches()) {
            LocalDateTime.parse(value.asText(), DateTimeFormatter.ISO_DATE_TIME);
        }
        if (value.isArray()) {
            value.forEach(item -> value(at + "[]", item));
        }
        if (value.isObject()) {
            object(at, value);
            value.fields().forEachRemaining(member -> value(at + "." + member.getKey(), member.getValue()));
        }
    }

    private static void object(String at, JsonNode object) {
        if (object.has("uri") && object.has("method")) {
            link(object);
        }
        String kind = object.at("/attributes/objectType").asText();
        object.fieldNames().forEachRemaining(name -> {
            Set<String> words = WORDS.get(kind + "." + name);
            Steps.must(words == null || words.contains(object.path(name).asText()), at + "." + name + ": " + object);
        });
        if (at.equals(".items[]") && object.has("billingProvider")) {
            String pair = object.path("billingProvider").asText() + " " + object.path("invoiceLineItemType").asText();
            Steps.must(CLASSES_OF_LINES.contains(pair), pair);
        }
        object.path("dynamicAttributes").forEach(scalar -> Steps.must(scalar.isValueNode(), object));
    }

    /** Relative, without a version, and legal by RFC 2396. */
    private static void link(JsonNode link) {
        try {
            URI uri = new URI(link.path("uri").asText());
            Steps.must(uri.isAbsolute() || uri.getPath().startsWith("/") && !uri.getPath().startsWith("/v1"), link);
        } catch (URISyntaxException error) {
            throw new AssertionError("no URI: " + link, error);
        }
        Steps.must(link.path("headers").isArray(), link);
    }
}
