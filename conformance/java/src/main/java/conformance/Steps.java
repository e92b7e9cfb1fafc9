package conformance;

import java.util.Objects;

/** Steps: each says what a user can rely on, and fails loudly. */
final class Steps {
    /** What a step does. */
    interface Body {
        void run() throws Exception;
    }

    private Steps() {
    }

    /** Runs a step and prints its line. The first that fails ends the program. */
    static void step(String what, Body body) {
        try {
            body.run();
        } catch (Throwable error) { // whatever a client throws is a failure of the step
            error.printStackTrace();
            System.out.println("FAILED  " + what);
            System.exit(1);
        }
        System.out.println("ok  " + what);
    }

    static void expect(Object seen, Object expected) {
        if (!Objects.equals(seen, expected)) {
            throw new AssertionError("expected " + expected + ", saw " + seen);
        }
    }

    static void must(boolean holds, Object seen) {
        if (!holds) {
            throw new AssertionError("saw " + seen);
        }
    }
}
