//! The licence products, as data: what a seat subscription gives units of, and the service plans in it.
//!
//! Ids, part numbers and plans are those of the field's published list of April 2019, of which the recorded offers
//! are too, so that a client's own tables match. That list has no plans for `SPE_E5`; here they are those of its two
//! parts, Office 365 E5 and Enterprise Mobility + Security E5, with Windows, of the same list. None was made up. The two for
//! schools and public authorities are of a later list of the field, with those of its plans that matter here; no recording
//! has them.

use uuid::{Uuid, uuid};

/// A service in a product. It can be switched off for a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServicePlan {
    /// Names it, the same everywhere.
    pub id: Uuid,
    /// What programs call it: `EXCHANGE_S_STANDARD`.
    pub name: &'static str,
    /// What people call it.
    pub display_name: &'static str,
}

/// A licence product.
///
/// Source: directory.md 2.2 (subscribedSku), partner-center-v1.md 3.2 (ProductSku).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProductSku {
    /// Names it, the same everywhere: `skuId`.
    pub id: Uuid,
    /// What programs call it: `ENTERPRISEPACK`.
    pub part_number: &'static str,
    /// What people call it.
    pub name: &'static str,
    /// What is in it.
    pub plans: &'static [ServicePlan],
}

impl ProductSku {
    /// The product of an id.
    #[must_use]
    pub fn find(id: Uuid) -> Option<&'static Self> {
        PRODUCTS.iter().find(|product| product.id == id)
    }

    /// Its plan of an id.
    #[must_use]
    pub fn plan(&self, id: Uuid) -> Option<&'static ServicePlan> {
        self.plans.iter().find(|plan| plan.id == id)
    }
}

const fn plan(name: &'static str, display_name: &'static str, id: Uuid) -> ServicePlan {
    ServicePlan { id, name, display_name }
}

macro_rules! plans {
    ($($plan:ident = $name:literal $display:literal $id:literal;)*) => {
        $(const $plan: ServicePlan = plan($name, $display, uuid!($id));)*
    };
}

plans! {
    TODO_1 = "BPOS_S_TODO_1" "To-Do (Plan 1)" "5e62787c-c316-451f-b873-1d05acd4d12c";
    TODO_2 = "BPOS_S_TODO_2" "To-Do (Plan 2)" "c87f142c-d1e9-4363-8630-aaea9c4d9ae5";
    TODO_3 = "BPOS_S_TODO_3" "To-Do (Plan 3)" "3fb82609-8c27-4f7b-bd51-30634711ee67";
    DESKLESS = "Deskless" "Microsoft StaffHub" "8c7d2df8-86f0-4902-b2ed-a0458298f3b3";
    EXCHANGE_1 = "EXCHANGE_S_STANDARD" "Exchange Online (Plan 1)" "9aaf7827-d63c-4b61-89c3-182f06f82e5c";
    EXCHANGE_2 = "EXCHANGE_S_ENTERPRISE" "Exchange Online (Plan 2)" "efb87545-963c-4e0d-99df-69c6916d9eb0";
    ARCHIVE = "EXCHANGE_S_ARCHIVE_ADDON" "Exchange Online Archiving for Exchange Online" "176a09a6-7ec5-4039-ac02-b2791c6ba793";
    FLOW_1 = "FLOW_O365_P1" "Flow for Office 365" "0f9b09cb-62d1-4ff4-9129-43f4996f83f4";
    FLOW_2 = "FLOW_O365_P2" "Flow for Office 365" "76846ad7-7776-4c40-a281-a386362dd1b9";
    FLOW_3 = "FLOW_O365_P3" "Flow for Office 365" "07699545-9485-468e-95b6-2fca3738be01";
    FORMS_1 = "FORMS_PLAN_E1" "Microsoft Forms (Plan E1)" "159f4cd6-e380-449f-a816-af1a9ef76344";
    FORMS_3 = "FORMS_PLAN_E3" "Microsoft Forms (Plan E3)" "2789c901-c14e-48ab-a76a-be334d9d793a";
    FORMS_5 = "FORMS_PLAN_E5" "Microsoft Forms (Plan E5)" "e212cbc7-0961-4c40-9825-01117710dcb1";
    SKYPE = "MCOSTANDARD" "Skype for Business Online (Plan 2)" "0feaeb32-d00e-4d66-bd5a-43b5b83db82c";
    PHONE_SYSTEM = "MCOEV" "Phone System" "4828c8ec-dc2e-4779-b502-87ac9ce28ab7";
    AUDIO = "MCOMEETADV" "Audio Conferencing" "3e26ee1f-8a5f-4d52-aee2-b81ce45c8f40";
    CALLING = "MCOPSTN2" "Domestic and International Calling Plan" "5a10155d-f5c1-411a-a8ec-e99aae125390";
    BOOKINGS = "MICROSOFTBOOKINGS" "Microsoft Bookings" "199a5c09-e0ca-4e37-8f7c-b05d533e1ea2";
    CUSTOMER_MANAGER = "O365_SB_Relationship_Management" "Outlook Customer Manager" "5bfe124c-bbdc-4494-8835-f1297d457d79";
    OFFICE = "OFFICESUBSCRIPTION" "Office 365 ProPlus" "43de0ff5-c92c-492b-9116-175376d08c38";
    OFFICE_BUSINESS = "OFFICE_BUSINESS" "Office 365 Business" "094e7854-93fc-4d55-b2c0-3ab5369ebdc1";
    OFFICE_MOBILE = "OFFICEMOBILE_SUBSCRIPTION" "Office Mobile Apps" "c63d4d19-e8cb-460e-b37c-4d6c34603745";
    POWERAPPS_1 = "POWERAPPS_O365_P1" "PowerApps for Office 365" "92f7a6f3-b89b-4bbd-8c30-809e6da5ad1c";
    POWERAPPS_2 = "POWERAPPS_O365_P2" "PowerApps for Office 365" "c68f8d98-5534-41c8-bf36-22fa496fa792";
    POWERAPPS_3 = "POWERAPPS_O365_P3" "PowerApps for Office 365" "9c0dab89-a30c-4117-86e7-97bda240acd2";
    PLANNER = "PROJECTWORKMANAGEMENT" "Microsoft Planner" "b737dad2-2f6c-4c65-90e3-ca563267e8b9";
    RIGHTS = "RMS_S_ENTERPRISE" "Azure Rights Management" "bea4c11e-220a-4e6d-8eb8-8ea15d019f90";
    RIGHTS_1 = "RMS_S_PREMIUM" "Azure Information Protection Premium P1" "6c57d4b6-3b23-47a5-9bc9-69f17b4947b3";
    RIGHTS_2 = "RMS_S_PREMIUM2" "Azure Information Protection Premium P2" "5689bec4-755d-4753-8b61-40975025187c";
    SHAREPOINT_1 = "SHAREPOINTSTANDARD" "SharePoint Online (Plan 1)" "c7699d2e-19aa-44de-8edf-1736da088ca1";
    SHAREPOINT_2 = "SHAREPOINTENTERPRISE" "SharePoint Online (Plan 2)" "5dbe027f-2339-4123-9542-606e4d348a72";
    OFFICE_ONLINE = "SHAREPOINTWAC" "Office Online" "e95bec33-7c88-4a70-8e19-b10bd9d0c014";
    STREAM_1 = "STREAM_O365_E1" "Microsoft Stream for O365 E1" "743dd19e-1ce3-4c62-a3ad-49ba8f63a2f6";
    STREAM_3 = "STREAM_O365_E3" "Microsoft Stream for O365 E3" "9e700747-8b1d-45e5-ab8d-ef187ceec156";
    STREAM_5 = "STREAM_O365_E5" "Microsoft Stream for O365 E5" "6c6042f5-6f01-4d67-b8c1-eb99d36eed3e";
    SWAY = "SWAY" "Sway" "a23b959c-7ce8-4e57-9140-b90eb88a9e97";
    TEAMS = "TEAMS1" "Microsoft Teams" "57ff2da0-773e-42df-b2af-ffb7a2317929";
    YAMMER = "YAMMER_ENTERPRISE" "Yammer Enterprise" "7547a3fe-08ee-4ccb-b430-5077c5041653";
    CLOUD_APP_O365 = "ADALLOM_S_O365" "Office 365 Cloud App Security" "8c098270-9dd4-4350-9b30-ba4703f3b36b";
    CLOUD_APP = "ADALLOM_S_STANDALONE" "Microsoft Cloud App Security" "2e2ddb96-6af9-4b1d-a3f0-d6ecfd22edb2";
    POWER_BI = "BI_AZURE_P2" "Power BI Pro" "70d33638-9c74-4d01-bfd3-562de28bd4ba";
    EDISCOVERY = "EQUIVIO_ANALYTICS" "Office 365 Advanced eDiscovery" "4de31727-a228-4ec3-a5bf-8e45b5ca48cc";
    ANALYTICS = "EXCHANGE_ANALYTICS" "Microsoft MyAnalytics" "34c0d7a0-a70f-4668-9238-47f9fc208882";
    LOCKBOX = "LOCKBOX_ENTERPRISE" "Customer Lockbox" "9f431833-0334-42de-a7dc-70aa40db46db";
    THREATS = "THREAT_INTELLIGENCE" "Office 365 Advanced Threat Protection (Plan 2)" "8e0c0a52-6a6c-4d40-8370-dd62790dcd70";
    DIRECTORY_1 = "AAD_PREMIUM" "Azure Active Directory Premium P1" "41781fb2-bc02-4b7c-bd55-b576c07bb09d";
    DIRECTORY_2 = "AAD_PREMIUM_P2" "Azure Active Directory Premium P2" "eec0eb4f-6444-4f95-aba0-50c24d67f998";
    THREATS_AZURE = "ATA" "Azure Advanced Threat Protection" "14ab5db5-e6c4-4b20-b4bc-13e36fd2227f";
    INTUNE = "INTUNE_A" "Microsoft Intune" "c1ec4a95-1f05-45b3-a911-aa3fa01094f5";
    FACTORS = "MFA_PREMIUM" "Azure Multi-Factor Authentication" "8a256a2b-b617-496d-b51b-e76466e88db0";
    SHAREPOINT_EDUCATION = "SHAREPOINTENTERPRISE_EDU" "SharePoint (Plan 2) for Education" "63038b2c-28d0-45f6-bc36-33062963b498";
    OFFICE_ONLINE_EDUCATION = "SHAREPOINTWAC_EDU" "Office for the Web for Education" "e03c7e47-402c-463c-ab25-949079bedb21";
    YAMMER_EDUCATION = "YAMMER_EDU" "Yammer for Academic" "2078e8df-cff6-4290-98cb-5408261a760a";
    EXCHANGE_GOVERNMENT = "EXCHANGE_S_ENTERPRISE_GOV" "Exchange Online (Plan 2) for Government" "8c3069c0-ccdb-44be-ab77-986203a67df2";
    SKYPE_GOVERNMENT = "MCOSTANDARD_GOV" "Skype for Business Online (Plan 2) for Government" "a31ef4a2-f787-435e-8335-e47eb0cafc94";
    OFFICE_GOVERNMENT = "OFFICESUBSCRIPTION_GOV" "Office 365 ProPlus for Government" "de9234ff-6483-44d9-b15e-dca72fdd27af";
    RIGHTS_GOVERNMENT = "RMS_S_ENTERPRISE_GOV" "Azure Rights Management for Government" "6a76346d-5d6e-4051-9fe3-ed3f312b5597";
    SHAREPOINT_GOVERNMENT = "SHAREPOINTENTERPRISE_GOV" "SharePoint (Plan 2) for Government" "153f85dd-d912-4762-af6c-d6e0fb4f6692";
    OFFICE_ONLINE_GOVERNMENT = "SHAREPOINTWAC_GOV" "Office for the Web for Government" "8f9f0f3b-ca90-406c-a842-95579171f8ec";
    WINDOWS = "WIN10_PRO_ENT_SUB" "Windows 10 Enterprise" "21b439ba-a0ca-424f-a6cc-52f954a5b111";
}

/// All products, by part number.
pub const PRODUCTS: &[ProductSku] = &[
    ProductSku {
        id: uuid!("6fd2c87f-b296-42f0-b197-1e91e994b900"),
        part_number: "ENTERPRISEPACK",
        name: "Office 365 Enterprise E3",
        plans: &[
            TODO_2,
            DESKLESS,
            EXCHANGE_2,
            FLOW_2,
            FORMS_3,
            SKYPE,
            OFFICE,
            POWERAPPS_2,
            PLANNER,
            RIGHTS,
            SHAREPOINT_2,
            OFFICE_ONLINE,
            STREAM_3,
            SWAY,
            TEAMS,
            YAMMER,
        ],
    },
    ProductSku {
        id: uuid!("e578b273-6db4-4691-bba0-8d691f4da603"),
        part_number: "ENTERPRISEPACKPLUS_FACULTY",
        name: "Office 365 A3 for faculty",
        plans: &[
            TODO_2,
            EXCHANGE_2,
            FLOW_2,
            SKYPE,
            OFFICE,
            POWERAPPS_2,
            PLANNER,
            RIGHTS,
            SHAREPOINT_EDUCATION,
            OFFICE_ONLINE_EDUCATION,
            STREAM_3,
            SWAY,
            TEAMS,
            YAMMER_EDUCATION,
        ],
    },
    ProductSku {
        id: uuid!("535a3a29-c5f0-42fe-8215-d3b9e1f38c4a"),
        part_number: "ENTERPRISEPACK_GOV",
        name: "Office 365 G3 GCC",
        plans: &[
            EXCHANGE_GOVERNMENT,
            SKYPE_GOVERNMENT,
            OFFICE_GOVERNMENT,
            RIGHTS_GOVERNMENT,
            SHAREPOINT_GOVERNMENT,
            OFFICE_ONLINE_GOVERNMENT,
        ],
    },
    ProductSku {
        id: uuid!("ee02fd1b-340e-4a4b-b355-4a514e4c8943"),
        part_number: "EXCHANGEARCHIVE_ADDON",
        name: "Exchange Online Archiving for Exchange Online",
        plans: &[ARCHIVE],
    },
    ProductSku {
        id: uuid!("4b9405b0-7788-4568-add1-99614e613b69"),
        part_number: "EXCHANGESTANDARD",
        name: "Exchange Online (Plan 1)",
        plans: &[EXCHANGE_1],
    },
    ProductSku {
        id: uuid!("d3b4fe1f-9992-4930-8acb-ca6ec609365e"),
        part_number: "MCOPSTN2",
        name: "Domestic and International Calling Plan",
        plans: &[CALLING],
    },
    ProductSku {
        id: uuid!("3b555118-da6a-4418-894f-7df1e2096870"),
        part_number: "O365_BUSINESS_ESSENTIALS",
        name: "Office 365 Business Essentials",
        plans: &[
            TODO_1,
            EXCHANGE_1,
            FLOW_1,
            FORMS_1,
            SKYPE,
            OFFICE_MOBILE,
            POWERAPPS_1,
            PLANNER,
            SHAREPOINT_1,
            OFFICE_ONLINE,
            SWAY,
            TEAMS,
            YAMMER,
        ],
    },
    ProductSku {
        id: uuid!("f245ecc8-75af-4f8e-b61f-27d8114de5f3"),
        part_number: "O365_BUSINESS_PREMIUM",
        name: "Office 365 Business Premium",
        plans: &[
            TODO_1,
            DESKLESS,
            EXCHANGE_1,
            FLOW_1,
            FORMS_1,
            SKYPE,
            BOOKINGS,
            CUSTOMER_MANAGER,
            OFFICE_BUSINESS,
            POWERAPPS_1,
            PLANNER,
            SHAREPOINT_1,
            OFFICE_ONLINE,
            SWAY,
            TEAMS,
            YAMMER,
        ],
    },
    ProductSku {
        id: uuid!("06ebc4ee-1bb5-47dd-8120-11324bc54e06"),
        part_number: "SPE_E5",
        name: "Microsoft 365 E5",
        plans: &[
            DIRECTORY_1,
            DIRECTORY_2,
            CLOUD_APP,
            CLOUD_APP_O365,
            THREATS_AZURE,
            POWER_BI,
            TODO_3,
            DESKLESS,
            EDISCOVERY,
            ANALYTICS,
            EXCHANGE_2,
            FLOW_3,
            FORMS_5,
            INTUNE,
            LOCKBOX,
            PHONE_SYSTEM,
            AUDIO,
            SKYPE,
            FACTORS,
            OFFICE,
            POWERAPPS_3,
            PLANNER,
            RIGHTS,
            RIGHTS_1,
            RIGHTS_2,
            SHAREPOINT_2,
            OFFICE_ONLINE,
            STREAM_5,
            SWAY,
            TEAMS,
            THREATS,
            WINDOWS,
            YAMMER,
        ],
    },
    ProductSku {
        id: uuid!("18181a46-0d4e-45cd-891e-60aabd171b4e"),
        part_number: "STANDARDPACK",
        name: "Office 365 Enterprise E1",
        plans: &[
            TODO_1,
            DESKLESS,
            EXCHANGE_1,
            FLOW_1,
            FORMS_1,
            SKYPE,
            OFFICE_MOBILE,
            POWERAPPS_1,
            PLANNER,
            SHAREPOINT_1,
            OFFICE_ONLINE,
            STREAM_1,
            SWAY,
            TEAMS,
            YAMMER,
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_id_and_name_says_one_thing() {
        let mut names = std::collections::BTreeMap::new();
        for product in PRODUCTS {
            assert_eq!(ProductSku::find(product.id), Some(product));
            let ids: BTreeSet<_> = product.plans.iter().map(|plan| plan.id).collect();
            assert_eq!(ids.len(), product.plans.len(), "{} has a plan twice", product.part_number);
            for plan in product.plans {
                assert_eq!(product.plan(plan.id), Some(plan));
                assert_eq!(*names.entry(plan.id).or_insert(plan.name), plan.name, "one id, two names");
            }
        }
        let parts: Vec<_> = PRODUCTS.iter().map(|product| product.part_number).collect();
        assert!(parts.is_sorted(), "{parts:?}");
        assert_eq!(parts.iter().collect::<BTreeSet<_>>().len(), parts.len());
        let used: BTreeSet<_> = names.values().collect();
        assert_eq!(used.len(), names.len(), "one name, two ids");
    }
}
