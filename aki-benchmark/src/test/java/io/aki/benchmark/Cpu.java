package io.aki.benchmark;

import java.lang.management.ManagementFactory;

import com.sun.management.OperatingSystemMXBean;

/**
 * Measures the CPU time of this process, including all its threads, and the load of the
 * machine.
 */
final class Cpu {

	private static final OperatingSystemMXBean SYSTEM = (OperatingSystemMXBean) ManagementFactory
		.getOperatingSystemMXBean();

	private Cpu() {
	}

	static long nanos() {
		return SYSTEM.getProcessCpuTime();
	}

	/**
	 * Return the load of the whole machine since the previous call, from 0 to 1.
	 */
	static double machineLoad() {
		return SYSTEM.getCpuLoad();
	}

}
