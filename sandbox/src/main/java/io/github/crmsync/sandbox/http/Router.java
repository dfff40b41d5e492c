package io.github.crmsync.sandbox.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Routes by method and path template; the first route added that fits wins. */
public final class Router {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([A-Za-z]+)}");

    /** Handles a request; the second argument holds the decoded values of the template's placeholders. */
    @FunctionalInterface
    public interface Handler {
        Response handle(Request request, Map<String, String> path) throws Exception;
    }

    /** A route that fits a request. */
    public record Match(String operation, Map<String, String> path, Handler handler) {}

    private record Route(String method, String operation, Pattern pattern, List<String> names, Handler handler) {}

    private record Template(Pattern pattern, List<String> names) {
        static Template parse(String template) {
            List<String> names = new ArrayList<>();
            StringBuilder regex = new StringBuilder();
            Matcher placeholder = PLACEHOLDER.matcher(template);
            int from = 0;
            while (placeholder.find()) {
                regex.append(Pattern.quote(template.substring(from, placeholder.start())))
                        .append(placeholder.group(1).equals("v") ? "(v\\d|\\d{4}-\\d{2})" : "([^/]+)");
                names.add(placeholder.group(1));
                from = placeholder.end();
            }
            regex.append(Pattern.quote(template.substring(from)));
            return new Template(Pattern.compile(regex.toString()), names);
        }
    }

    /** Servers come by the thousand in simulations, and have the same templates. */
    private static final Map<String, Template> TEMPLATES = new ConcurrentHashMap<>();

    private final List<Route> routes = new ArrayList<>();

    /** Adds a route such as {@code /things/{id}}; its operation name is the method and the template. */
    public Router add(String method, String template, Handler handler) {
        return add(method, template, template, handler);
    }

    /** Adds a route that the statistics count under another template. */
    public Router add(String method, String template, String countedAs, Handler handler) {
        Template parsed = TEMPLATES.computeIfAbsent(template, Template::parse);
        routes.add(new Route(method, method + " " + countedAs, parsed.pattern(), parsed.names(), handler));
        return this;
    }

    public Optional<Match> match(String method, String rawPath) {
        for (Route route : routes) {
            if (route.method().equals(method)) {
                Matcher matcher = route.pattern().matcher(rawPath);
                if (matcher.matches()) {
                    return Optional.of(new Match(route.operation(), values(route, matcher), route.handler()));
                }
            }
        }
        return Optional.empty();
    }

    private static Map<String, String> values(Route route, Matcher matcher) {
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < route.names().size(); i++) {
            String raw = matcher.group(i + 1).replace("+", "%2B");
            values.put(route.names().get(i), URLDecoder.decode(raw, StandardCharsets.UTF_8));
        }
        return values;
    }
}
