//! Directory objects of any kind.

use crate::desk::{Desk, ids};
use serde_json::json;
use tenantry_testkit::on_every_engine;

#[test]
fn objects_are_found_by_their_ids_and_the_others_are_left_out() {
    on_every_engine(|bench| async move {
        let desk = Desk::aad(&bench).await;
        let clerk = desk.user("clerk").await;
        let group = ids(&desk.get("/groups?$top=1").await).remove(0);
        let nobody = "1f0c2b9e-4a57-4d0b-9a38-5c2f6f1b7a10";
        let principal = desk.app.identity.principal.to_string();
        let asked = [clerk.id.to_string(), nobody.to_owned(), group.clone(), principal.clone()];
        for (types, expected) in [
            (json!([]), vec![clerk.id.to_string(), group.clone(), principal.clone()]),
            (json!(["User"]), vec![clerk.id.to_string()]),
            (json!(["group", "Microsoft.DirectoryServices.ServicePrincipal"]), vec![group, principal]),
        ] {
            let body = json!({"objectIds": asked, "types": types, "includeDirectoryObjectReferences": true});
            let found = desk.send("POST /getObjectsByObjectIds", &body.to_string()).await.expect(200).json();
            let (mut seen, mut expected) = (ids(&found), expected);
            seen.sort();
            expected.sort();
            assert_eq!(seen, expected, "{types}");
        }
        desk.gives(400, "POST /getObjectsByObjectIds", "{}").await;
        let many = json!({"objectIds": vec![nobody; 1_001]}).to_string();
        desk.gives(400, "POST /getObjectsByObjectIds", &many).await;
        desk.gives(204, &format!("DELETE /directoryObjects/{}", clerk.id), "").await;
        desk.gives(404, &format!("GET /directoryObjects/{}", clerk.id), "").await;
        desk.gives(404, "GET /directoryObjects/clerk", "").await;
        desk.gives(404, "GET /directoryObjects/$/Microsoft.DirectoryServices.Toaster", "").await;
        let metadata = desk.send("GET /$metadata", "").await.expect(200);
        assert!(metadata.text().contains("EntitySet Name=\"users\""), "{metadata}");
    });
}
