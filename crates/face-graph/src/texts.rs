//! The texts of a user that both APIs show and set: what each calls them, and where the directory keeps them.

use tenantry_core::Problem;
use tenantry_directory::{Profile, ProfileChange};

use crate::input::Members;

/// A text of a profile.
#[derive(Clone, Copy)]
pub(crate) struct Text {
    /// Its name in Azure AD Graph.
    pub(crate) aad: &'static str,
    /// Its name in Microsoft Graph; empty where it is no plain text there.
    pub(crate) graph: &'static str,
    /// Its value.
    pub(crate) get: fn(&Profile) -> Option<&String>,
    /// Puts it into a change.
    set: fn(&mut ProfileChange, Option<String>),
}

macro_rules! texts {
    ($($field:ident = $aad:literal $graph:literal;)*) => {
        /// All of them but the two every user has, and the further mail addresses.
        pub(crate) const TEXTS: &[Text] = &[$(Text {
            aad: $aad,
            graph: $graph,
            get: |profile| profile.$field.as_ref(),
            set: |change, text| change.$field = Some(text),
        }),*];
    };
}

texts! {
    city = "city" "city";
    company_name = "companyName" "companyName";
    country = "country" "country";
    department = "department" "department";
    facsimile_telephone_number = "facsimileTelephoneNumber" "faxNumber";
    given_name = "givenName" "givenName";
    immutable_id = "immutableId" "onPremisesImmutableId";
    job_title = "jobTitle" "jobTitle";
    mail = "mail" "mail";
    mobile = "mobile" "mobilePhone";
    password_policies = "passwordPolicies" "passwordPolicies";
    physical_delivery_office_name = "physicalDeliveryOfficeName" "officeLocation";
    postal_code = "postalCode" "postalCode";
    preferred_language = "preferredLanguage" "preferredLanguage";
    sip_proxy_address = "sipProxyAddress" "";
    state = "state" "state";
    street_address = "streetAddress" "streetAddress";
    surname = "surname" "surname";
    telephone_number = "telephoneNumber" "";
    usage_location = "usageLocation" "usageLocation";
}

/// What a body says of a profile, in the names `name` gives the texts.
pub(crate) fn change(body: &Members<'_>, name: fn(&Text) -> &'static str) -> Result<ProfileChange, Problem> {
    let mut change = ProfileChange {
        display_name: body.text("displayName")?,
        mail_nickname: body.text("mailNickname")?,
        other_mails: body.texts("otherMails")?,
        ..ProfileChange::default()
    };
    for text in TEXTS.iter().filter(|text| !name(text).is_empty()) {
        if let Some(sent) = body.text_sent(name(text))? {
            (text.set)(&mut change, sent);
        }
    }
    Ok(change)
}

/// The value of a text by its name in Azure AD Graph.
pub(crate) fn value<'a>(profile: &'a Profile, aad: &str) -> Option<&'a str> {
    TEXTS.iter().find(|text| text.aad == aad).and_then(|text| (text.get)(profile)).map(String::as_str)
}
