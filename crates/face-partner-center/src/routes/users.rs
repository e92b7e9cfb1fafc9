//! Users of a customer, directory roles, licences.

use crate::users;
use tenantry_http::{Replay, Route, StatusCode};

pub(super) fn routes() -> Vec<Route> {
    const USERS: &str = "/v1/customers/{customer}/users";
    const USER: &str = "/v1/customers/{customer}/users/{user}";
    const MEMBERS: &str = "/v1/customers/{customer}/directoryroles/{role}/usermembers";
    vec![
        Route::get(USERS, "users.list", "Users of a customer", users::list),
        Route::post(USERS, "users.create", "Create a user", users::create)
            .answers(StatusCode::CREATED)
            .replay(Replay::Off),
        Route::get(USER, "users.get", "A user", users::get),
        Route::patch(USER, "users.change", "Change a user, give a password, restore", users::change)
            .replay(Replay::Off),
        Route::delete(USER, "users.delete", "Delete a user, for thirty days", users::delete)
            .answers(StatusCode::NO_CONTENT),
        Route::patch(
            "/v1/customers/{customer}/users/{user}/resetpassword",
            "users.password.reset",
            "Give a user a password",
            users::reset_password,
        )
        .replay(Replay::Off),
        Route::get(
            "/v1/customers/{customer}/users/{user}/directoryroles",
            "users.directory-roles.list",
            "Directory roles of a user",
            users::held_by_user,
        ),
        Route::get(
            "/v1/customers/{customer}/directoryroles",
            "directory-roles.list",
            "Directory roles of a customer",
            users::list_roles,
        ),
        Route::get(MEMBERS, "directory-roles.members.list", "Who holds a role", users::members),
        Route::post(MEMBERS, "directory-roles.members.add", "Give a user a role", users::add_member)
            .answers(StatusCode::CREATED),
        Route::delete(
            "/v1/customers/{customer}/directoryroles/{role}/usermembers/{user}",
            "directory-roles.members.remove",
            "Take a role away from a user",
            users::remove_member,
        )
        .answers(StatusCode::NO_CONTENT),
        Route::get(
            "/v1/customers/{customer}/subscribedskus",
            "subscribed-skus.list",
            "Licence products of a customer",
            users::subscribed,
        ),
        Route::get(
            "/v1/customers/{customer}/users/{user}/licenses",
            "users.licenses.list",
            "Licences of a user",
            users::of_user,
        ),
        Route::post(
            "/v1/customers/{customer}/users/{user}/licenseupdates",
            "users.licenses.update",
            "Give a user licences, take licences away",
            users::assign,
        )
        .answers(StatusCode::CREATED),
    ]
}
