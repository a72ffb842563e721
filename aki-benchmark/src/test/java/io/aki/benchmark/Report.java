package io.aki.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Creates the tables and the verdicts as Markdown.
 */
final class Report {

	private final List<Verdict> verdicts = new ArrayList<>();

	private final List<String> exchanges = new ArrayList<>();

	private final List<String> crowds = new ArrayList<>();

	private final List<String> slow = new ArrayList<>();

	private final List<String> images = new ArrayList<>();

	private final List<String> startups = new ArrayList<>();

	private final List<String> streams = new ArrayList<>();

	private final List<String> models = new ArrayList<>();

	void exchange(Jdk jdk, Map<Engine, ExchangeRun.Comparison> comparisons) {
		comparisons.forEach((engine, each) -> {
			this.exchanges
				.add(row(jdk, name(engine), format("%,.0f", each.bareCalls()), format("%,.0f", each.ourCalls()),
						format("%.1f", each.bareCpu()), format("%.1f", each.ourCpu()), format("%.2f", each.ratio())));
			atMost(1, "blocking call, CPU of ours / bare, " + jdk + ", " + name(engine), each.ratio(), 1.5);
		});
	}

	void crowd(Jdk jdk, Engine engine, CrowdRun.Crowds each) {
		String where = jdk + ", " + name(engine);
		for (int size : each.sizes()) {
			this.crowds.add(row(jdk, name(engine), format("%,d", size), format("%.1f", each.number(size, "cpu")),
					format("%,.0f", each.number(size, "polls")), format("%.0f %%", 100 * each.number(size, "load")),
					format("%.0f / %.0f", each.number(size, "ours"), each.number(size, "threads")),
					format("%,.0f", each.number(size, "heap")), format("%.0f", each.number(size, "p50")),
					format("%.0f", each.number(size, "p99")), format("%.0f", each.number(size, "failures"))));
		}
		atMost(2, "poll in a crowd of 1,000 / blocking call, " + where, each.number(1000, "cpu") / each.blockingCpu(),
				1.3);
		atMost(2, "poll in a crowd of 5,000 / of 500, " + where, each.number(5000, "cpu") / each.number(500, "cpu"),
				1.2);
		if (jdk.feature() == 17) {
			atMost(3, "platform threads with 1,000 jobs, " + where, each.number(1000, "threads"), 24);
		}
		double failures = each.sizes().stream().mapToDouble((size) -> each.number(size, "failures")).sum();
		atMost(3, "failed jobs of all crowds, 10,000 in 512 MB, " + where, failures, 0);
		for (int size : each.sizes()) {
			if (!each.isSaturated(size)) {
				String crowd = format("%,d jobs, ", size) + where;
				atMost(4, "lag p50 / interval, " + crowd, each.number(size, "p50") / CrowdRun.INTERVAL_MILLIS, 0.6);
				atMost(4, "lag p99 / interval, " + crowd, each.number(size, "p99") / CrowdRun.INTERVAL_MILLIS, 1.2);
			}
		}
	}

	void slow(Jdk jdk, Engine engine, Figures each) {
		this.slow
			.add(row(jdk, name(engine), format("%,.0f of %,.0f", each.number("pause.lost"), each.number("pause.jobs")),
					format("%.0f", each.number("pause.threads")), format("%.1f", each.number("pause.back")),
					format("%.0f", each.number("callbacks.period")),
					format("%.1f / %.1f", each.number("starts.blocking"), each.number("starts.followed")),
					format("%.2f", each.number("cancels.request")),
					format("%,.0f in %.1f s", each.number("cancels.closed"), each.number("cancels.close"))));
		String where = ", " + jdk + ", " + name(engine);
		atMost(7, "results lost in pauses of 3 s" + where, each.number("pause.lost"), 0);
		atMost(7, "seconds until there are 24 threads again" + where, each.number("pause.back"), 15);
		atMost(8, "600 jobs with callbacks of 40 ms, period p50 in ms" + where, each.number("callbacks.period"), 600);
		atMost(9, "200 starts that take 1 s, time of the last followed / blocking" + where,
				each.number("starts.followed") / each.number("starts.blocking"), 2);
		atMost(10, "cancelRequest among 10,000 jobs, seconds" + where, each.number("cancels.request"), 1);
		atMost(10, "jobs of 10,000 that close() did not cancel" + where,
				SlowProgram.JOBS - each.number("cancels.closed"), 0);
	}

	void image(Jdk jdk, Engine engine, ImageRun.Image each) {
		double heap = (double) each.heap() / ImageRun.IMAGE_MEGABYTES;
		double time = each.ourMillis() / each.bareMillis();
		this.images.add(row(jdk, name(engine), each.heap(), each.heapWithoutImage(), format("%.1f", heap),
				format("%.0f", each.bareMillis()), format("%.0f", each.ourMillis()), format("%.2f", time)));
		atMost(5, "20 MB image, smallest heap / size, " + jdk + ", " + name(engine), heap, 4);
		atMost(5, "20 MB image, time of ours / bare, " + jdk + ", " + name(engine), time, 1.5);
	}

	void streams(Jdk jdk, Figures each) {
		this.streams.add(row(jdk, format("%,d", StreamProgram.STREAMS), format("%+.0f", each.number("streams.threads")),
				format("%,.0f", each.number("streams.heap")), format("%.0f", each.number("streams.notDone"))));
		atMost(11, "threads of 1,000 event streams beside those of one, " + jdk, each.number("streams.threads"), 50);
		atMost(11, "event streams of 1,000 that did not end with `done`, " + jdk, each.number("streams.notDone"), 0);
	}

	void model(Jdk jdk, Engine engine, Figures each) {
		double ratio = each.number("model.cpu") / each.number("client.cpu");
		this.models.add(row(jdk, name(engine), format("%.0f", each.number("client.cpu")),
				format("%.0f", each.number("model.cpu")), format("%.2f", ratio)));
		atMost(12, "`ChatModel.call`, CPU / of `doApiRequestAwait`, " + jdk + ", " + name(engine), ratio, 1.5);
	}

	void startup(Jdk jdk, StartupRun.Startup each) {
		this.startups.add(row(jdk, format("%,.0f", each.bare("wall") / 1e6), format("%,.0f", each.ours("wall") / 1e6),
				format("%+.1f %%", 100 * (each.ratio("wall") - 1)), format("%,.0f", each.bare("cpu") / 1e6),
				format("%,.0f", each.ours("cpu") / 1e6), format("%+.1f %%", 100 * (each.ratio("cpu") - 1)),
				format("%+,.0f", each.ours("classes") - each.bare("classes")),
				format("%+,.0f KB", (each.ours("heap") - each.bare("heap")) / 1024),
				format("%+.0f", each.ours("threads") - each.bare("threads"))));
		atMost(6, "start of a minimal web application, CPU time with / without, " + jdk, each.ratio("cpu"), 1.05);
		atMost(6, "start of a minimal web application, wall time with / without, " + jdk, each.ratio("wall"), 1.05);
	}

	private void atMost(int bound, String what, double value, double limit) {
		this.verdicts.add(new Verdict(bound, what, value, limit));
	}

	String markdown() {
		List<String> lines = new ArrayList<>();
		table(lines, "One blocking call", this.exchanges, "JDK", "engine", "calls/s bare", "calls/s ours",
				"CPU µs per call bare", "CPU µs ours", "ratio");
		table(lines, "Jobs polled every 0.2 s", this.crowds, "JDK", "engine", "jobs", "CPU µs per poll", "polls/s",
				"load of the machine", "threads ours / all new", "heap per waiting job, bytes", "lag p50 ms",
				"lag p99 ms", "failures");
		table(lines, "A slow server and slow callbacks", this.slow, "JDK", "engine", "results lost in pauses of 3 s",
				"threads in a pause", "s until ≤ 24 threads", "600 jobs, callbacks of 40 ms: period p50 ms",
				"200 starts of 1 s: last, s, blocking / followed",
				"10,000 jobs, answers after 100 ms: `cancelRequest`, s", "`close()`: jobs canceled");
		table(lines, "An image of 20 MB", this.images, "JDK", "engine", "smallest heap MB", "without the image MB",
				"heap / size", "ms bare", "ms ours", "ratio");
		table(lines, "Event streams of a web application on Tomcat", this.streams, "JDK", "streams", "more threads",
				"heap per stream, bytes", "streams without `done`");
		table(lines, "A chat model of Spring AI", this.models, "JDK", "engine", "CPU µs per `doApiRequestAwait`",
				"CPU µs per `ChatModel.call`", "ratio");
		table(lines, "Start of a minimal web application", this.startups, "JDK", "wall ms without", "with the starter",
				"more", "CPU ms without", "with the starter", "more", "classes", "heap", "threads");
		table(lines, "The bounds", this.verdicts.stream().map(Verdict::row).toList(), "bound", "what", "value",
				"at most", "verdict");
		return String.join("\n", lines) + "\n";
	}

	boolean allPass() {
		return this.verdicts.stream().allMatch(Verdict::passes);
	}

	private static void table(List<String> lines, String title, List<String> rows, String... columns) {
		if (rows.isEmpty()) {
			return;
		}
		lines.addAll(List.of("", "### " + title, "", "| " + String.join(" | ", columns) + " |",
				"|" + "---|".repeat(columns.length)));
		lines.addAll(rows);
	}

	private static String name(Engine engine) {
		return (engine == Engine.JDK) ? "JDK" : "Apache 5";
	}

	private static String row(Object... cells) {
		StringBuilder row = new StringBuilder("|");
		for (Object cell : cells) {
			row.append(' ').append(cell).append(" |");
		}
		return row.toString();
	}

	private static String format(String pattern, Object... values) {
		return String.format(Locale.ROOT, pattern, values);
	}

	/**
	 * A figure and its limit. A figure that was not measured does not pass.
	 */
	private record Verdict(int bound, String what, double value, double limit) {

		boolean passes() {
			return this.value <= this.limit;
		}

		String row() {
			return Report.row(this.bound, this.what, format("%.2f", this.value), format("%.2f", this.limit),
					passes() ? "PASS" : "**FAIL**");
		}

	}

}
