package io.github.crmsync.simulation.stack;

public final class StackMain {
    public static void main(String[] a) {
        long from = Long.parseLong(a[0]);
        long n = Long.parseLong(a[1]);
        boolean trace = a.length > 2;
        java.util.TreeMap<String, Integer> sit = new java.util.TreeMap<>();
        for (long s = from; s < from + n; s++) {
            long t = System.nanoTime();
            StackSimulation.Result r = StackSimulation.run(s, trace);
            if (trace) r.trace().forEach(System.out::println);
            r.situations().forEach((k, v) -> sit.merge(k, v, Integer::sum));
            System.out.println(s + " " + (System.nanoTime() - t) / 1_000_000 + " ms " + r.violations() + r.inherent());
        }
        System.out.println(sit);
    }
}
