//! Law 7: a buyer's files are its own, in every format; nobody else gets them, and no number of another edge is in them.

use crate::setting::{FORMATS, Setting};
use tenantry_core::Reason;
use tenantry_exports::{Encoding, export_invoice};
use tenantry_testkit::on_every_engine;

#[test]
fn a_stranger_gets_no_file_and_no_name_of_one() {
    on_every_engine(|bench| async move {
        let setting = Setting::new(&bench).await;
        let (db, metering) = (setting.channel.world().db(), setting.channel.world().metering());
        for format in FORMATS {
            let request = setting.request("stolen.csv", format, Encoding::Csv);
            let ctx = setting.channel.stranger_ctx();
            let number = &setting.invoices[0].number;
            let refused = export_invoice(&ctx, db, metering, number, &request, |_| ()).await.unwrap_err();
            assert_eq!(refused.reason(), Reason::InvoiceNotFound);
            let never = export_invoice(&ctx, db, metering, "D269999999", &request, |_| ()).await.unwrap_err();
            assert_eq!(refused.message().replace(number, "D269999999"), never.message());
        }
        assert!(crate::setting::names(setting.directory.path()).is_empty());
    });
}
