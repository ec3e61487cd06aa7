"""The rival of the forecast for one authority: cs-demand-model on the sample it comes with, without intervals.

Prints processor seconds of a forecast over as many days as the argument says, from its own file to the last day.
"""

import json
import sys
import time

from dateutil.relativedelta import relativedelta

from cs_demand_model import DemandModellingDataContainer, ModelPredictor, PopulationStats
from cs_demand_model.config import Config
from cs_demand_model.datastore import fs_datastore

before = time.process_time()
config = Config()
data = DemandModellingDataContainer(fs_datastore("sample://v1.zip"), config)
stats = PopulationStats(data.enriched_view, config)
model = ModelPredictor.from_model(stats, data.end_date - relativedelta(months=6), data.end_date)
days = len(model.predict(int(sys.argv[1]), progress=False))
print(json.dumps({"seconds": time.process_time() - before, "days": days}))
