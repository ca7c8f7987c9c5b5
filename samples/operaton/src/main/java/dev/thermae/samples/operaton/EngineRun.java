package dev.thermae.samples.operaton;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.Map;
import org.operaton.bpm.application.impl.EmbeddedProcessApplication;
import org.operaton.bpm.engine.ProcessEngine;
import org.operaton.bpm.engine.ProcessEngineConfiguration;
import org.operaton.bpm.engine.RepositoryService;
import org.operaton.bpm.engine.RuntimeService;
import org.operaton.bpm.engine.impl.cfg.StandaloneInMemProcessEngineConfiguration;
import org.operaton.bpm.engine.repository.DeploymentBuilder;

/**
 * One life of a process engine: deploys the same process several times, runs it each time, and says
 * how many compiles there were by then, and what the scripts gave.
 */
final class EngineRun {
  private EngineRun() {}

  /** Arguments: language, deployments, and whether each comes from an application of its own. */
  public static void main(String[] arguments) {
    String language = arguments[0];
    int deployments = Integer.parseInt(arguments[1]);
    boolean applications = Boolean.parseBoolean(arguments[2]);
    RhinoCompiles.watch();
    ProcessEngine engine = engine();
    for (int i = 0; i < deployments; i++) {
      deploy(engine.getRepositoryService(), OrderProcess.xml(language), applications);
      String result = run(engine.getRuntimeService());
      int compiles = GroovyCompiles.count() + RhinoCompiles.COUNT.get();
      System.out.println("@" + compiles + " " + result);
    }
    engine.close();
  }

  private static ProcessEngine engine() {
    StandaloneInMemProcessEngineConfiguration configuration =
        new StandaloneInMemProcessEngineConfiguration();
    configuration.setDatabaseSchemaUpdate(ProcessEngineConfiguration.DB_SCHEMA_UPDATE_CREATE_DROP);
    configuration.setJobExecutorActivate(false);
    configuration.setEnforceHistoryTimeToLive(false);
    return configuration.buildProcessEngine();
  }

  private static void deploy(RepositoryService repository, String xml, boolean application) {
    DeploymentBuilder deployment =
        application
            ? repository.createDeployment(new Application().getReference())
            : repository.createDeployment();
    deployment.addString("order.bpmn", xml).deploy();
  }

  private static String run(RuntimeService runtime) {
    String id = runtime.startProcessInstanceByKey("order", Map.of("amount", 120)).getId();
    return runtime.getVariable(id, "total") + " " + runtime.getVariable(id, "grade");
  }

  /** As a server has one for each web application: with a class loader of its own. */
  private static final class Application extends EmbeddedProcessApplication {
    private final ClassLoader loader =
        new URLClassLoader(new URL[0], EngineRun.class.getClassLoader());

    @Override
    public ClassLoader getProcessApplicationClassloader() {
      return loader;
    }
  }
}
