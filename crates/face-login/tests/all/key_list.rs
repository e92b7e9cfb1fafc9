//! The public keys, wherever clients look for them.

use crate::house::in_a_house;

#[test]
fn all_four_paths_give_the_same_keys() {
    in_a_house(|house| async move {
        let id = &house.tenant;
        for (path, issuer) in [
            ("/common/discovery/keys", "{tenantid}/"),
            ("/common/discovery/v2.0/keys", "{tenantid}/v2.0"),
            ("/contoso.example.test/discovery/keys", &format!("{id}/")),
            ("/contoso.example.test/discovery/v2.0/keys", &format!("{id}/v2.0")),
        ] {
            let reply = house.get(path).await.expect(200);
            let expected = house.channel.world().keys().jwks(&format!("https://localhost:8443/{issuer}"));
            assert_eq!(expected.len(), 1);
            assert_eq!(reply.json()["keys"], serde_json::to_value(expected).unwrap(), "{path}");
        }
    });
}
