package io.github.crmsync.core.source;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partition under which Connect stores a source's offset.
 *
 * <p>Connect looks an offset up by the JSON text of its partition, so the text must be the same in every JVM and for every
 * operator who types it. A partition of a single entry has only one text. Earlier builds used two entries in an order that
 * differed from JVM to JVM: what they stored, under either order, is found while there is nothing under the single entry.
 */
public final class SourcePartition {
    private static final Logger LOG = LoggerFactory.getLogger(SourcePartition.class);

    private final Map<String, String> form;
    private final Map<String, String> former;
    private final List<Map<String, String>> formerOrders;

    /**
     * @param name name of the only entry
     * @param value value of the only entry
     * @param former the entries of earlier builds
     */
    public SourcePartition(String name, String value, Map<String, String> former) {
        form = Collections.singletonMap(name, value);
        this.former = Map.copyOf(former);
        List<String> names = new ArrayList<>(former.keySet());
        Collections.sort(names);
        List<String> reversed = new ArrayList<>(names);
        Collections.reverse(reversed);
        formerOrders = List.of(ordered(names), ordered(reversed));
    }

    private Map<String, String> ordered(List<String> names) {
        return new OrderedMap(
                names.stream().map(each -> Map.entry(each, former.get(each))).toList());
    }

    /** The partition of records. */
    public Map<String, String> form() {
        return form;
    }

    /**
     * The stored offsets: the one under the present form, else those that earlier builds stored, at most one for each order
     * of their entries.
     *
     * @throws ConnectException if the worker cannot read its offsets
     */
    public List<Map<String, Object>> stored(OffsetStorageReader reader) {
        Map<String, Object> offset = reader.offset(form);
        return offset != null ? List.of(offset) : of(reader, storedFormer(reader));
    }

    private static List<Map<String, Object>> of(OffsetStorageReader reader, List<Map<String, String>> partitions) {
        List<Map<String, Object>> offsets = new ArrayList<>();
        partitions.forEach(partition -> offsets.add(reader.offset(partition)));
        return offsets;
    }

    boolean isStored(OffsetStorageReader reader) {
        return reader.offset(form) != null;
    }

    /** Forms of earlier builds that hold an offset. */
    List<Map<String, String>> storedFormer(OffsetStorageReader reader) {
        return formerOrders.stream()
                .filter(partition -> reader.offset(partition) != null)
                .toList();
    }

    /**
     * Checks what an operator stores through the REST API, and clears what earlier builds have stored: it must not come back
     * when the present offset is reset.
     *
     * <p>A reset concerns any partition, so that nothing is left of another connector of that name.
     *
     * @param offsets the offsets by partition, null to delete one; Connect writes what is in this map afterwards
     * @param check throws a {@link ConnectException} with a sentence for the operator if an offset cannot be used
     * @throws ConnectException if an offset is for another partition
     */
    public void alter(Map<Map<String, ?>, Map<String, ?>> offsets, Consumer<Map<String, ?>> check) {
        offsets.forEach((partition, offset) -> {
            if (offset == null) {
                return;
            }
            if (!form.equals(partition)) {
                throw new ConnectException("The only partition of this connector is " + text(form) + ", not "
                        + text(partition) + (former.equals(partition) ? ", which earlier versions used" : ""));
            }
            check.accept(offset);
        });
        try {
            formerOrders.forEach(partition -> offsets.put(partition, null));
        } catch (UnsupportedOperationException e) {
            LOG.warn("Offsets that an earlier version stored are not cleared: this worker does not allow it", e);
        }
    }

    private static String text(Map<String, ?> partition) {
        List<String> entries = new ArrayList<>();
        partition.forEach((name, value) -> entries.add("\"" + name + "\": \"" + value + "\""));
        return "{" + String.join(", ", entries) + "}";
    }

    @Override
    public String toString() {
        return text(form);
    }
}
