import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.amortis.engine.device.cuda.Ptx;
import org.amortis.engine.device.cuda.RunTimeCompiler;
import org.amortis.engine.device.gpu.Kernel;
import org.amortis.engine.device.gpu.KernelSource;
import org.amortis.engine.device.gpu.KernelVariants;

/// Compiles the kernels to PTX: `FOLDER/FAMILY.compute_NN.ptx` for every compute capability that a
/// family is for, one module a kernel, and the hashes of their sources in `FOLDER/SOURCES.sha256`.
/// Started by `native/build`.
///
/// Arguments: folder of the kernels, folder of the results. Files whose hash is already there stay
/// as they are; those of no family any more are deleted.
public final class Build {
  private Build() {}

  public static void main(String[] arguments) throws IOException {
    Path kernels = Path.of(arguments[0]);
    Path ptx = Path.of(arguments[1]);
    if (!RunTimeCompiler.version().equals("12.0")) {
      throw new IllegalStateException(
          "PTX of ISA 8.0 needs NVRTC 12.0, found " + RunTimeCompiler.version());
    }
    Path sources = ptx.resolve("SOURCES.sha256");
    Map<String, String> known = new TreeMap<>();
    if (Files.exists(sources)) {
      Files.readAllLines(sources).forEach(l -> known.put(l.substring(66), l.substring(0, 64)));
    }
    Map<String, String> hashes = new TreeMap<>();
    List<String> families;
    try (Stream<Path> files = Files.list(kernels)) {
      families =
          files
              .map(f -> f.getFileName().toString())
              .filter(f -> f.endsWith(".c"))
              .map(f -> f.substring(0, f.length() - 2))
              .sorted()
              .toList();
    }
    for (String family : families) {
      for (int architecture : KernelSource.of(family).architectures()) {
        String name = Ptx.file(family, architecture);
        String hash = Ptx.hash(family, architecture);
        hashes.put(name, hash);
        if (hash.equals(known.get(name)) && Files.exists(ptx.resolve(name))) {
          continue;
        }
        String text = family(family, architecture);
        Files.writeString(ptx.resolve(name), text, StandardCharsets.US_ASCII);
        System.out.println(name + ": " + text.length() / 1024 + " KiB");
      }
    }
    try (Stream<Path> files = Files.list(ptx)) {
      for (Path old : files.filter(f -> f.toString().endsWith(".ptx")).toList()) {
        if (!hashes.containsKey(old.getFileName().toString())) {
          Files.delete(old);
        }
      }
    }
    StringBuilder lines = new StringBuilder();
    hashes.forEach((n, h) -> lines.append(h).append("  ").append(n).append('\n'));
    Files.writeString(sources, lines);
  }

  /// All modules of a family. Kernels with the same options come from one compilation; those that
  /// come out alike share a module under several heads.
  private static String family(String family, int architecture) {
    String source = KernelSource.of(family).program("cuda");
    Map<String, List<Kernel>> byOptions = new LinkedHashMap<>();
    for (Kernel k : KernelVariants.of(family)) {
      byOptions.computeIfAbsent(k.options(), o -> new ArrayList<>()).add(k);
    }
    Map<String, StringBuilder> heads = new LinkedHashMap<>();
    for (List<Kernel> same : byOptions.values()) {
      String ptx = RunTimeCompiler.ptx(source, same.getFirst(), architecture);
      for (Kernel k : same) {
        StringBuilder head =
            heads.computeIfAbsent(module(ptx, k.entry()), m -> new StringBuilder());
        head.append(Ptx.HEAD).append(Ptx.key(k)).append('\n');
      }
    }
    StringBuilder all = new StringBuilder();
    heads.forEach((module, head) -> all.append(head).append(module));
    return all.toString();
  }

  /// The module with one of its entry points only: declarations it names, and its text.
  private static String module(String ptx, String entry) {
    List<String> head = new ArrayList<>();
    StringBuilder own = new StringBuilder();
    String within = null;
    for (String line : ptx.replace("\0", "").lines().toList()) {
      if (line.startsWith(".visible .entry ")) {
        within = line.substring(16).replaceAll("\\W.*", "");
      }
      String text = line.replaceAll("\\s*//.*", "");
      if (within != null && within.equals(entry) && !text.isBlank()) {
        own.append(text).append('\n');
      } else if (within == null && !text.isBlank()) {
        head.add(text);
      }
      if (line.equals("}")) {
        within = null;
      }
    }
    StringBuilder module = new StringBuilder();
    for (String h : head) {
      String declared = h.replaceAll("(\\[.*|=.*|;)", "").strip().replaceAll(".*\\s", "");
      if (h.startsWith(".version") || h.startsWith(".target") || h.startsWith(".address_size")) {
        module.append(h).append('\n');
      } else if (!h.matches("\\.(global|const|shared|extern) .*;")) {
        throw new IllegalStateException("cannot place this line of " + entry + ": " + h);
      } else if (own.indexOf(declared) >= 0) {
        module.append(h).append('\n');
      }
    }
    if (own.isEmpty()) {
      throw new IllegalStateException("no entry " + entry);
    }
    return module.append(own).toString();
  }
}
