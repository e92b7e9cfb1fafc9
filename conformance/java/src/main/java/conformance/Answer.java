package conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** An answer and what was asked. */
record Answer(String asked, HttpResponse<byte[]> response) {
    int status() {
        return response.statusCode();
    }

    String header(String name) {
        return response.headers().firstValue(name).orElse("");
    }

    String text() {
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    JsonNode json() {
        return Json.read(text());
    }

    JsonNode at(String pointer) {
        return json().at(pointer);
    }

    JsonNode items() {
        return at("/items");
    }

    Answer expect(int expected) {
        if (status() != expected) {
            throw new AssertionError("expected " + expected + ", saw " + this);
        }
        return this;
    }

    /** A refusal: status and code. */
    Answer refused(int expected, int code) {
        expect(expected);
        Steps.expect(at("/code").asInt(), code);
        return this;
    }

    @Override
    public String toString() {
        return asked + "\n" + status() + " " + response.headers().map() + "\n" + text();
    }
}
