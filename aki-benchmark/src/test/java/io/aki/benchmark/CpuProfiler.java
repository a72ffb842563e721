package io.aki.benchmark;

import java.util.Collection;
import java.util.List;

import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * Measures the CPU time of the whole process per operation. This includes the threads of
 * the engine and of the garbage collector, in addition to the thread of the caller.
 */
public class CpuProfiler implements InternalProfiler {

	static final String LABEL = "cpu";

	private long before;

	@Override
	public String getDescription() {
		return "CPU time of the process per operation";
	}

	@Override
	public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
		this.before = Cpu.nanos();
	}

	@Override
	public Collection<? extends Result<?>> afterIteration(BenchmarkParams benchmark, IterationParams iteration,
			IterationResult result) {
		double micros = (Cpu.nanos() - this.before) / 1000.0 / result.getMetadata().getAllOps();
		return List.of(new ScalarResult(LABEL, micros, "us/op", AggregationPolicy.AVG));
	}

}
