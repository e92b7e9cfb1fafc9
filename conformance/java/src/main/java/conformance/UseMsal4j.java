package conformance;

import static conformance.Steps.expect;
import static conformance.Steps.must;
import static conformance.Steps.step;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.aad.msal4j.MsalServiceException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.ExecutionException;

/** msal4j: tokens of applications and of people, and a refusal. */
public final class UseMsal4j {
    private UseMsal4j() {
    }

    public static void main(String[] arguments) throws Exception {
        Demo demo = Demo.read();
        step("application by secret, for the directory graph as older SDKs ask", () -> {
            JsonNode claims = claims(SignIn.application(demo.origin(), demo.partner()));
            expect(claims.path("tid"), demo.partner().path("tenantId"));
            must(!claims.has("upn"), claims);
        });
        step("wrong secret: invalid_client", () -> {
            ObjectNode party = demo.partner().deepCopy();
            ((ObjectNode) party.path("webApp")).put("appSecret", "not-the-secret");
            try {
                SignIn.application(demo.origin(), party);
            } catch (ExecutionException refused) {
                MsalServiceException cause = (MsalServiceException) refused.getCause();
                expect(cause.errorCode(), "invalid_client");
                must(cause.getMessage().contains("AADSTS7000215"), cause.getMessage());
                return;
            }
            throw new AssertionError("a token for a wrong secret");
        });
        step("user name and password, which this world allows", () -> {
            JsonNode claims = claims(SignIn.user(demo.origin(), demo.partner(), "admin"));
            expect(claims.path("upn"), Demo.person(demo.partner(), "admin").path("name"));
        });
        System.exit(0); // its threads would linger
    }

    private static JsonNode claims(String token) {
        return Json.read(new String(Base64.getUrlDecoder().decode(token.split("\\.")[1]), StandardCharsets.UTF_8));
    }
}
