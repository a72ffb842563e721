package io.aki.benchmark.startup;

import java.lang.management.ManagementFactory;

import com.sun.management.OperatingSystemMXBean;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Starts, prints the cost of its start, and exits. Its argument is the
 * {@link System#nanoTime()} at which the process was started. On Linux, all processes of
 * the machine share this clock.
 */
@SpringBootApplication
@RestController
public class MinimalApplication {

	@GetMapping("/")
	String hello() {
		return "hello";
	}

	/**
	 * Start the application.
	 * @param arguments the time at which the process was started
	 */
	@SuppressWarnings({ "checkstyle:regexpSinglelineJava", "resource" })
	public static void main(String[] arguments) {
		SpringApplication.run(MinimalApplication.class, "--server.port=0", "--spring.main.banner-mode=off",
				"--aki.io.api-key=benchmark");
		long wall = System.nanoTime() - Long.parseLong(arguments[0]);
		long cpu = ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
		int classes = ManagementFactory.getClassLoadingMXBean().getLoadedClassCount();
		int threads = ManagementFactory.getThreadMXBean().getThreadCount();
		System.gc();
		long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
		System.out.println("wall=" + wall);
		System.out.println("cpu=" + cpu);
		System.out.println("classes=" + classes);
		System.out.println("threads=" + threads);
		System.out.println("heap=" + heap);
		Runtime.getRuntime().halt(0);
	}

}
