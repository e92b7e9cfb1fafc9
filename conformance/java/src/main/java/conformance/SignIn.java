package conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.aad.msal4j.ClientCredentialFactory;
import com.microsoft.aad.msal4j.ClientCredentialParameters;
import com.microsoft.aad.msal4j.ConfidentialClientApplication;
import com.microsoft.aad.msal4j.PublicClientApplication;
import com.microsoft.aad.msal4j.UserNamePasswordParameters;
import java.util.Set;

/** Tokens through msal4j, unmodified. */
final class SignIn {
    /** The audience that the SDK of 2020 asks for as an application (partner-center-v1.md 1.2). */
    static final String DIRECTORY_GRAPH = "https://graph.windows.net/.default";
    /** The scope of users. */
    static final String USER = "https://api.partnercenter.microsoft.com/user_impersonation";

    private SignIn() {
    }

    static String application(String origin, JsonNode party) throws Exception {
        JsonNode app = party.path("webApp");
        var secret = ClientCredentialFactory.createFromSecret(app.path("appSecret").asText());
        var client = ConfidentialClientApplication.builder(app.path("appId").asText(), secret)
                .authority(origin + "/" + party.path("tenantId").asText() + "/")
                .validateAuthority(false).instanceDiscovery(false).build();
        return client.acquireToken(ClientCredentialParameters.builder(Set.of(DIRECTORY_GRAPH)).build())
                .get().accessToken();
    }

    /** By name and password, which only a demo that was told so allows. */
    @SuppressWarnings("deprecation")
    static String user(String origin, JsonNode party, String part) throws Exception {
        JsonNode person = Demo.person(party, part);
        var client = PublicClientApplication.builder(party.at("/commandLineApp/appId").asText())
                .authority(origin + "/" + party.path("tenantId").asText() + "/")
                .validateAuthority(false).instanceDiscovery(false).build();
        var parameters = UserNamePasswordParameters.builder(
                Set.of(USER), person.path("name").asText(), person.path("password").asText().toCharArray());
        return client.acquireToken(parameters.build()).get().accessToken();
    }
}
