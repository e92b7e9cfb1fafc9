//! Permission as a value.

use crate::{Action, Decision, Grant, Scoped, decide};
use std::fmt;
use std::marker::PhantomData;
use tenantry_core::{OpContext, Problem, Reason};

/// The policy said this caller may do `A` to this `T`. Nothing but [`allow`] can make one.
pub struct Allowed<A, T> {
    target: T,
    why: Grant,
    action: PhantomData<A>,
}

impl<A, T> Allowed<A, T> {
    /// What may be acted on.
    #[must_use]
    pub const fn target(&self) -> &T {
        &self.target
    }

    /// Gives the target back and ends the permission.
    #[must_use]
    pub fn into_target(self) -> T {
        self.target
    }

    /// The path that allowed it. If several do, the first in the order of the policy's columns.
    #[must_use]
    pub const fn why(&self) -> &Grant {
        &self.why
    }
}

impl<A, T> fmt::Debug for Allowed<A, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Allowed({})", self.why)
    }
}

/// Asks the policy.
///
/// # Errors
/// `TokenMissing` if nobody signed in; the target's own "not found" if it is outside the caller's reach;
/// `Forbidden`, naming the roles that would do, if it is visible and no role allows the action.
pub fn allow<A: Action, T: Scoped>(ctx: &OpContext, target: T) -> Result<Allowed<A, T>, Problem> {
    let decision = decide(&ctx.caller, A::NAME, &target);
    match decision {
        Decision::Allowed(grants) => match grants.into_iter().next() {
            Some(why) => Ok(Allowed { target, why, action: PhantomData }),
            None => Err(Problem::internal("a decision to allow without a path")),
        },
        Decision::Hidden => Err(target.hidden()),
        Decision::SignInNeeded => Err(Problem::new(Reason::TokenMissing, Decision::SignInNeeded.to_string())),
        Decision::Denied(denial) => Err(Problem::new(Reason::Forbidden, denial.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Billed, CUSTOMER, OTHER, PARTNER, Thing, application, ctx, person_in};
    use crate::{
        ActionName, ChannelManage, ClockMove, CustomerRead, InvoiceRead, MonthClose, OrderPlace, PartnerProfileRead,
        PartnerScope, UsageReport, WorldScope,
    };
    use tenantry_core::{Caller, Role, TenantKind};

    /// What became of it: `"ok"` or the reason.
    fn check<A: Action>(caller: Caller, target: impl Scoped, expected: &str) {
        let shown = match allow::<A, _>(&ctx(caller.clone()), target) {
            Ok(_) => "ok".to_owned(),
            Err(problem) => format!("{:?}", problem.reason()),
        };
        assert_eq!(shown, expected, "{} by {caller:?}", A::NAME);
    }

    #[test]
    fn reach_is_asked_before_roles() {
        let own = Thing { partner: Some(PARTNER), customer: Some(CUSTOMER), sandbox: false };
        let foreign = Thing { partner: Some(OTHER), ..own };
        let unowned = Thing { partner: None, ..own };
        let helpdesk = || application(TenantKind::Partner, PARTNER, &[Role::HelpdeskAgent]);
        let everything = || application(TenantKind::Partner, PARTNER, &Role::ALL);
        let provider = || application(TenantKind::Provider, OTHER, &[]);
        let customer = || application(TenantKind::Customer, CUSTOMER, &Role::ALL);

        check::<CustomerRead>(Caller::Nobody, own, "TokenMissing");
        check::<CustomerRead>(helpdesk(), own, "ok");
        check::<OrderPlace>(helpdesk(), own, "Forbidden");
        check::<OrderPlace>(helpdesk(), foreign, "CustomerNotFound");
        check::<OrderPlace>(everything(), own, "ok");
        check::<OrderPlace>(everything(), foreign, "CustomerNotFound");
        check::<OrderPlace>(everything(), unowned, "CustomerNotFound");
        check::<PartnerProfileRead>(everything(), PartnerScope(OTHER), "TenantNotFound");
        for thing in [own, foreign, unowned] {
            check::<OrderPlace>(provider(), thing, "ok");
            check::<OrderPlace>(Caller::System("renewal"), thing, "ok");
        }
        // A customer's own application sees itself and, roles or not, may nothing here.
        check::<CustomerRead>(customer(), own, "Forbidden");
        let neighbour = Thing { customer: Some(OTHER), ..own };
        check::<CustomerRead>(customer(), neighbour, "CustomerNotFound");
    }

    #[test]
    fn who_is_billed_and_may_not_read_is_told_which_role_would_do() {
        let bill = Billed { partner: PARTNER, customer: CUSTOMER };
        let member = person_in(CUSTOMER, CUSTOMER, TenantKind::Customer, []);
        let refused = allow::<InvoiceRead, _>(&ctx(member), bill).unwrap_err();
        assert_eq!(
            refused.message(),
            "InvoiceRead needs one of the directory roles Global Administrator, Billing Administrator; the user's roles \
             are: none"
        );
        check::<InvoiceRead>(application(TenantKind::Provider, OTHER, &[]), bill, "InvoiceNotFound");
        check::<InvoiceRead>(application(TenantKind::Partner, PARTNER, &[Role::BillingAdmin]), bill, "ok");
        check::<InvoiceRead>(Caller::System("close"), bill, "ok");
    }

    #[test]
    fn some_acts_are_for_the_provider_and_some_for_sandboxes() {
        let admin = || application(TenantKind::Partner, PARTNER, &[Role::AdminAgent]);
        let provider = || application(TenantKind::Provider, OTHER, &[]);
        let (live, sandbox) = (WorldScope { sandbox: false }, WorldScope { sandbox: true });
        let usage = |sandbox| Thing { partner: Some(PARTNER), customer: Some(CUSTOMER), sandbox };

        check::<ChannelManage>(admin(), sandbox, "Forbidden");
        check::<ChannelManage>(provider(), live, "ok");
        check::<ClockMove>(provider(), live, "Forbidden");
        check::<ClockMove>(provider(), sandbox, "ok");
        check::<ClockMove>(admin(), sandbox, "ok");
        check::<MonthClose>(admin(), live, "Forbidden");
        check::<UsageReport>(admin(), usage(false), "Forbidden");
        check::<UsageReport>(admin(), usage(true), "ok");
        check::<UsageReport>(admin(), Thing { partner: Some(OTHER), ..usage(true) }, "CustomerNotFound");
        check::<UsageReport>(provider(), usage(false), "ok");
    }

    #[test]
    fn more_roles_never_allow_less() {
        let sets = 0..1_u32 << Role::ALL.len();
        let held = |set: u32| -> Vec<Role> {
            Role::ALL.into_iter().enumerate().filter(|(bit, _)| set & (1 << bit) != 0).map(|(_, role)| role).collect()
        };
        for action in ActionName::ALL {
            for sandbox in [false, true] {
                let target = Thing { partner: Some(PARTNER), customer: Some(CUSTOMER), sandbox };
                let may = |set| {
                    let caller = application(TenantKind::Partner, PARTNER, &held(set));
                    matches!(decide(&caller, action, &target), Decision::Allowed(_))
                };
                for set in sets.clone().filter(|set| may(*set)) {
                    for bit in 0..Role::ALL.len() {
                        assert!(may(set | 1 << bit), "{action}: {:?} may, with {:?} not", held(set), Role::ALL[bit]);
                    }
                }
            }
        }
    }

    #[test]
    fn no_role_reaches_another_partners_customer() {
        let target = Thing { partner: Some(OTHER), customer: Some(CUSTOMER), sandbox: true };
        let caller = application(TenantKind::Partner, PARTNER, &Role::ALL);
        for action in ActionName::ALL {
            assert_eq!(decide(&caller, action, &target), Decision::Hidden, "{action}");
        }
    }

    #[test]
    fn decisions_explain_themselves() {
        let target = Thing { partner: Some(PARTNER), customer: Some(CUSTOMER), sandbox: false };
        let by = |roles: &[Role]| ctx(application(TenantKind::Partner, PARTNER, roles));
        let allowed = allow::<OrderPlace, _>(&by(&[Role::HelpdeskAgent, Role::SalesAgent]), target).unwrap();
        assert_eq!(
            allowed.why().to_string(),
            format!(
                "OrderPlace is allowed on customer {CUSTOMER} of partner {PARTNER} because the caller holds \
                     the role SalesAgents"
            )
        );
        assert_eq!(allowed.target(), &target);

        let refused = |problem: Problem| problem.message().to_owned();
        assert_eq!(
            refused(allow::<OrderPlace, _>(&by(&[Role::HelpdeskAgent]), target).unwrap_err()),
            "OrderPlace needs one of the partner roles AdminAgents, SalesAgents, Global admin; the application's \
             roles are: HelpdeskAgents"
        );
        assert_eq!(
            refused(allow::<ChannelManage, _>(&by(&Role::ALL), WorldScope { sandbox: true }).unwrap_err()),
            "ChannelManage is refused: only the provider may do this"
        );
        assert_eq!(
            refused(allow::<ClockMove, _>(&by(&[Role::AdminAgent]), WorldScope { sandbox: false }).unwrap_err()),
            "ClockMove is refused: possible in sandbox worlds only, and this world is not one"
        );
    }
}
