package conformance;

import static conformance.Steps.expect;
import static conformance.Steps.must;
import static conformance.Steps.step;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Devices of a customer: policies, batches whose name has a blank, and jobs that are asked after. */
final class Devices {
    private Devices() {
    }

    static void walk(Sdk user, String customer) {
        String at = "customers/" + customer;
        String[] policy = new String[1];
        step("policies: made, listed, read, changed (rows 202, 203, 204, 205)", () -> {
            Answer made = user.post(at + "/policies", Json.body("""
                    {"name":"Front desk","category":"o_o_b_e","policySettings":["skip_eula"]}"""));
            must(made.status() == 200 || made.status() == 201, made);
            policy[0] = made.at("/id").asText();
            expect(user.get(at + "/policies").expect(200).items().size(), 1);
            ObjectNode whole = (ObjectNode) user.get(at + "/policies/" + policy[0]).expect(200).json();
            whole.put("description", "At the door");
            user.put(at + "/policies/" + policy[0], whole).expect(200);
        });
        String[] devices = new String[1];
        // A device is known by its key, in every tenant: these are nobody else's.
        step("a batch whose name has a blank: brought in, listed by its own link (rows 207, 208, 209, 214)", () -> {
            Answer brought = user.post(at + "/deviceBatches", Json.body("""
                    {"batchId":"Spring order","devices":[{"productKey":"DDDDD-EEEEE"},{"productKey":"FFFFF-GGGGG"}]}"""))
                    .expect(202);
            finished(user, brought);
            JsonNode batch = user.get(at + "/deviceBatches").expect(200).items().get(0);
            devices[0] = batch.at("/devicesLink/uri").asText();
            expect(user.all(devices[0]).size(), 2);
        });
        step("devices: more of them, given a policy, one changed, one put away (rows 206, 210, 211, 212, 213)", () -> {
            finished(user, user.post(devices[0], Json.body("[{\"Id\":null,\"productKey\":\"HHHHH-IIIII\"}]")).expect(202));
            JsonNode device = user.all(devices[0]).get(0);
            String id = device.path("id").asText();
            finished(user, user.patch(at + "/DevicePolicyUpdates", Json.body("""
                    {"devices":[{"Id":%s,"policies":[{"key":"o_o_b_e","value":%s}]}]}""", id, policy[0])).expect(202));
            user.delete(at + "/policies/" + policy[0]).expect(400); // in use
            user.patch(devices[0] + "/" + id, Json.body("{\"policies\":[{\"key\":\"OOBE\",\"value\":null}]}")).expect(200);
            user.delete(devices[0] + "/" + id).expect(204);
            expect(user.all(devices[0]).size(), 2);
            user.delete(at + "/policies/" + policy[0]).expect(204);
        });
    }

    /** Asks after a job by the address it was accepted with. */
    private static void finished(Sdk user, Answer accepted) throws Exception {
        String job = accepted.header("Location");
        expect(job.split("/").length, 5); // clients take the job's id from the fifth segment
        expect(user.get(job).expect(200).at("/status").asText(), "finished");
    }
}
