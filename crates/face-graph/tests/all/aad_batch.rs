//! Several operations in one request.

use crate::desk::Desk;
use tenantry_testkit::on_every_engine;

#[test]
fn each_operation_of_a_batch_has_its_own_answer() {
    on_every_engine(|bench| async move {
        let desk = Desk::aad(&bench).await;
        let part = |request: &str| format!("--batch_1\r\nContent-Type: application/http\r\n\r\n{request}\r\n");
        let group = r#"{"displayName":"Panel","mailEnabled":false,"mailNickname":"panel","securityEnabled":true}"#;
        let change = format!(
            "--batch_1\r\nContent-Type: multipart/mixed; boundary=changes\r\n\r\n--changes\r\n\
             Content-Type: application/http\r\n\r\nPOST /myorganization/groups?api-version=1.6 HTTP/1.1\r\n\
             Content-Type: application/json\r\n\r\n{group}\r\n--changes--\r\n"
        );
        let good = "GET https://graph.windows.net/myorganization/tenantDetails?api-version=1.6 HTTP/1.1\r\n\r\n";
        let bad = "GET /myorganization/users/nobody?api-version=1.6 HTTP/1.1\r\n\r\n";
        let elsewhere = "GET /v1/customers HTTP/1.1\r\n\r\n";
        let send = async |body: String| {
            let path = desk.path("/$batch");
            let request = desk.client.post(&path).token(&desk.token);
            request.header("content-type", "multipart/mixed; boundary=batch_1").body(body).send().await
        };
        let body = [part(good), change, part(bad), part(elsewhere), "--batch_1--".to_owned()].concat();
        let reply = send(body).await.expect(202);
        assert!(reply.header("content-type").starts_with("multipart/mixed; boundary=batchresponse_"));
        let text = reply.text();
        let statuses: Vec<&str> =
            text.lines().filter_map(|line| line.strip_prefix("HTTP/1.1 ")).map(|line| &line[..3]).collect();
        assert_eq!(statuses, ["200", "201", "404", "404"], "{reply}");
        assert!(reply.text().contains("Request_ResourceNotFound"));
        let six = [vec![part(good); 6].concat(), "--batch_1--".to_owned()].concat();
        assert_eq!(send(six).await.status, 400);
        assert_eq!(send("no parts".to_owned()).await.status, 400);
    });
}
