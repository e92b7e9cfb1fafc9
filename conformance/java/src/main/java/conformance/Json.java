package conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** JSON with every figure as written: sums of money are compared to the last digit. */
final class Json {
    static final ObjectMapper MAPPER = new ObjectMapper()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .setNodeFactory(JsonNodeFactory.withExactBigDecimals(true));

    private Json() {
    }

    static JsonNode read(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException error) {
            throw new AssertionError("no JSON: " + text, error);
        }
    }

    /** A body with its values filled in, in order: {@code %s} stands for a text, quotes included. */
    static JsonNode body(String pattern, Object... values) {
        Object[] quoted = new Object[values.length];
        for (int at = 0; at < values.length; at++) {
            quoted[at] = values[at] instanceof Number ? values[at] : MAPPER.valueToTree(values[at]).toString();
        }
        return read(String.format(pattern, quoted));
    }
}
