package conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/**
 * Requests as the SDK for Java 1.15.4 writes them (partner-center-v1.md 6.2): its headers, its way to put {@code /v1/}
 * in front of whatever a link says, its repeats, its pages. The SDK itself can't be had from the registry, so this is
 * plain HTTP by the facts that are known of it, not the SDK.
 */
final class Sdk {
    /** Refusals that the SDK takes as final, after it has asked {@link #TRIES} times (1.8). */
    private static final Set<Integer> FINAL = Set.of(400, 401, 403, 404, 409, 417);
    private static final int TRIES = 5;
    /** The SDK repeats anything else without end; a test ends. */
    private static final int PATIENCE = 12;
    /** What does not lie below {@code /v1}. */
    private static final Set<String> BASES = Set.of("/webhooks/v1/", "/partner/v1/", "/auditactivity/v1/");

    private final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(20)).build();
    private final String origin;
    private final String token;

    Sdk(String origin, String token) {
        this.origin = origin;
        this.token = token;
    }

    Answer get(String path, String... headers) throws Exception {
        return send("GET", path, null, headers);
    }

    Answer post(String path, JsonNode body) throws Exception {
        return send("POST", path, body);
    }

    Answer put(String path, JsonNode body) throws Exception {
        return send("PUT", path, body);
    }

    Answer patch(String path, JsonNode body) throws Exception {
        return send("PATCH", path, body);
    }

    Answer delete(String path) throws Exception {
        return send("DELETE", path, null);
    }

    /** One call: asked until its answer is final, always under the same request id. */
    Answer send(String method, String path, JsonNode body, String... headers) throws Exception {
        String requestId = UUID.randomUUID().toString();
        Answer first = null;
        for (int tries = 1;; tries++) {
            Answer answer = once(method, path, body, requestId, headers);
            if (first == null) {
                first = answer;
            } else if (FINAL.contains(first.status())) {
                // What was refused is refused again in the same words: a repeat changes nothing.
                Steps.expect(answer.status() + answer.text(), first.status() + first.text());
            }
            if (answer.status() < 300 || FINAL.contains(answer.status()) && tries == TRIES) {
                return answer;
            }
            Steps.must(tries < PATIENCE, answer);
            Thread.sleep(FINAL.contains(answer.status()) ? 0 : 1L << tries);
        }
    }

    private Answer once(String method, String path, JsonNode body, String requestId, String... headers)
            throws Exception {
        String correlationId = UUID.randomUUID().toString();
        HttpRequest request = request(method, path, body, requestId, correlationId, headers);
        Answer answer = new Answer(method + " " + request.uri(), http.send(request, BodyHandlers.ofByteArray()));
        Wire.check(answer, requestId, correlationId);
        return answer;
    }

    /** A request whose answer nobody waits for, as when a connection breaks; then the same again. */
    Answer lostAndRepeated(String method, String path, JsonNode body) throws Exception {
        String requestId = UUID.randomUUID().toString();
        HttpRequest lost = request(method, path, body, requestId, UUID.randomUUID().toString());
        CompletableFuture<?> answer = http.sendAsync(lost, BodyHandlers.ofByteArray());
        Thread.sleep(5);
        answer.cancel(true);
        return once(method, path, body, requestId);
    }

    private HttpRequest request(
            String method, String path, JsonNode body, String requestId, String correlationId, String... headers) {
        // A link begins with a slash, so that what is sent has two.
        boolean based = BASES.stream().anyMatch(path::startsWith);
        URI uri = URI.create(based ? origin + path : origin + "/v1/" + path);
        HttpRequest.Builder builder = HttpRequest.newBuilder(uri).timeout(Duration.ofMinutes(1))
                .header("Authorization", "Bearer " + token)
                .header("Accept", "application/json")
                .header("Content-Type", "application/json")
                .header("MS-Contract-Version", "v1")
                .header("MS-RequestId", requestId)
                .header("MS-CorrelationId", correlationId)
                .header("X-Locale", "en-US")
                .header("MS-SdkVersion", "1.15.4")
                .header("MS-PartnerCenter-Client", "Partner Center Java SDK");
        if (headers.length > 0) {
            builder.headers(headers);
        }
        var content = body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.toString());
        return builder.method(method, content).build();
    }

    /** All items of a list, page by page along the links, as the enumerators of the SDK walk. */
    List<JsonNode> all(String path) throws Exception {
        List<JsonNode> found = new ArrayList<>();
        Answer page = get(path).expect(200);
        while (true) {
            page.items().forEach(found::add);
            JsonNode next = page.at("/links/next");
            if (next.isMissingNode()) {
                return found;
            }
            Steps.must(page.items().size() > 0, "an empty page that has another: " + page);
            List<String> headers = new ArrayList<>();
            next.path("headers").forEach(header -> {
                headers.add(header.path("key").asText());
                headers.add(header.path("value").asText());
            });
            page = get(next.path("uri").asText(), headers.toArray(String[]::new)).expect(200);
        }
    }

    /** A filter as the SDK writes it: camelCase names, an operator in PascalCase, and a kind nobody needs (9.1). */
    static String filter(String field, String operator, String value) {
        JsonNode filter = Json.body(
                "{\"fieldType\":\"String\",\"operator\":%s,\"field\":%s,\"value\":%s}", operator, field, value);
        return "filter=" + URLEncoder.encode(filter.toString(), StandardCharsets.UTF_8);
    }
}
