package conformance;

/** Partner Center by plain HTTP: see {@link Sdk} for what that is and is not. */
public final class UsePartnerCenter {
    private UsePartnerCenter() {
    }

    public static void main(String[] arguments) throws Exception {
        Demo demo = Demo.read();
        Sdk app = new Sdk(demo.origin(), SignIn.application(demo.origin(), demo.partner()));
        Sdk user = new Sdk(demo.origin(), SignIn.user(demo.origin(), demo.partner(), "admin"));
        Sdk other = new Sdk(demo.origin(), SignIn.user(demo.origin(), demo.secondPartner(), "admin"));

        String customer = Customers.walk(demo, app, user);
        People.walk(demo, user);
        Catalogue.walk(demo, app, customer);
        Selling.walk(demo, user, customer);
        Carts.walk(user, customer);
        Money.walk(demo, user);
        Help.walk(demo, user);
        Devices.walk(user, customer);
        Partners.walk(demo, user, other, customer);
        System.exit(0); // the HTTP client's threads would linger
    }
}
