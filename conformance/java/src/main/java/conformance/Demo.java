package conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;

/** The demo world as the clients see it: what {@code tenantry demo --json} answered. */
record Demo(JsonNode all) {
    static Demo read() throws IOException {
        return new Demo(Json.MAPPER.readTree(Path.of(System.getenv("TENANTRY_DEMO")).toFile()));
    }

    String origin() {
        return all.at("/origin").asText();
    }

    JsonNode partner() {
        return all.at("/partner");
    }

    JsonNode secondPartner() {
        return all.at("/secondPartner");
    }

    JsonNode customer() {
        return all.at("/customers/0");
    }

    /** Somebody of a party, by the part they play: {@code admin}, {@code helpdesk}. */
    static JsonNode person(JsonNode party, String part) {
        for (JsonNode person : party.path("people")) {
            if (person.path("part").asText().equals(part)) {
                return person;
            }
        }
        throw new AssertionError("nobody plays " + part + " in " + party.path("name"));
    }
}
