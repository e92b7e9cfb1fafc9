package conformance;

import static conformance.Steps.expect;
import static conformance.Steps.must;
import static conformance.Steps.step;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** What can be bought: the older offers, and products down to what an order names. */
final class Catalogue {
    private static final String NOBODY = "00000000-0000-4000-8000-000000000000";

    private Catalogue() {
    }

    static void walk(Demo demo, Sdk app, String customer) {
        step("offers: by category, page by page, one, its add-ons (rows 100, 101, 102, 103)", () -> {
            JsonNode category = app.get("offercategories?country=US").expect(200).items().get(0);
            List<JsonNode> all = app.all("offers?country=US&size=500&offset=0");
            expect(app.all("offers?country=US&size=3&offset=0"), all);
            List<JsonNode> some = app.all("offers?country=US&offer_category_id=" + category.path("id").asText());
            must(!some.isEmpty() && some.size() < all.size(), some.size());
            JsonNode suite = all.stream().filter(offer -> offer.path("hasAddOns").asBoolean()).findFirst().orElseThrow();
            String id = suite.path("id").asText();
            expect(app.get("offers/" + id.toLowerCase() + "?country=US").expect(200).at("/id").asText(), id);
            must(!app.all("offers/" + id + "/addons?country=US").isEmpty(), id);
            app.get("offers/" + NOBODY + "?country=US").refused(404, 1000);
        });
        step("offers of a customer's country (rows 104, 105)", () -> {
            must(!app.all("customers/" + customer + "/offers?size=5&offset=0").isEmpty(), customer);
            app.get("customers/" + customer + "/offercategories").expect(200);
        });
        products(app, "", "?country=US", "products, SKUs, availabilities of a country (rows 106, 107, 108, 109, 110, 111)");
        products(app, "customers/" + customer + "/", "?",
                "products, SKUs, availabilities of a customer (rows 113, 114, 115, 116, 117, 118)");
        step("inventory, by the list that comes back bare (row 112)", () -> {
            JsonNode product = app.get("products?country=US&targetView=Azure").expect(200).items().get(0);
            Answer found = app.post("extensions/product/checkInventory?country=US",
                    Json.body("{\"targetItems\":[{\"productId\":%s}]}", product.path("id").asText())).expect(200);
            must(found.json().isArray() && found.json().size() > 0, found);
        });
        step("rate cards: of what customers use, of what they share (rows 124, 125)", () -> {
            must(app.get("ratecards/azure?currency=USD&region=US").expect(200).at("/meters").size() > 0, "no meters");
            app.get("ratecards/azure-shared?currency=USD&region=US").expect(200);
            must(demo.customer().isObject(), demo);
        });
    }

    private static void products(Sdk app, String before, String country, String what) {
        step(what, () -> {
            String list = before + "products" + country + "&targetView=OnlineServices&targetSegment=commercial";
            JsonNode product = app.get(list).expect(200).items().get(0);
            String at = before + "products/" + product.path("id").asText();
            expect(app.get(at + country).expect(200).at("/id"), product.path("id"));
            JsonNode sku = app.get(at + "/skus" + country).expect(200).items().get(0);
            String below = at + "/skus/" + sku.path("id").asText();
            expect(app.get(below + country).expect(200).at("/productId"), product.path("id"));
            JsonNode sold = app.get(below + "/availabilities" + country).expect(200).items().get(0);
            String id = sold.path("id").asText();
            expect(sold.path("catalogItemId").asText(),
                    product.path("id").asText() + ":" + sku.path("id").asText() + ":" + id);
            expect(app.get(below + "/availabilities/" + id + country).expect(200).at("/id").asText(), id);
        });
    }
}
